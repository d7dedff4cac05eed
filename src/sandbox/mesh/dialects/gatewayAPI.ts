import type { KubeObject } from '../../../metacontroller/object.js';
import { asText, type Fields, fields, objects } from '../../../schema/json.js';
import { weightOf } from '../../../schema/weight.js';
import { answer, answered, divided, type MeshPlan, type MeshTarget, type Share, toService } from '../plan.js';
import type { MeshRequest } from '../request.js';
import { findService, type MeshView, serviceOf } from '../view.js';
import type { Dialect } from './dialect.js';
import { GRPC_MATCHES, HTTP_MATCHES, type RuleMatches } from './gatewayMatch.js';
import { bestRank } from './hostPattern.js';

const HTTP_ROUTE = 'HTTPRoute.gateway.networking.k8s.io/v1';
const GRPC_ROUTE = 'GRPCRoute.gateway.networking.k8s.io/v1';

/** One match of one rule of one route, with what decides which of several comes first. */
interface Candidate {
  readonly rule: Fields;
  readonly namespace: string;
  readonly hostRank: number;
  readonly rank: readonly number[];
}

/** HTTPRoute and GRPCRoute, behind a Gateway or on a Service: the most specific match takes the request. */
export const gatewayAPIDialect: Dialect = {
  name: 'Gateway API',
  kinds: [HTTP_ROUTE, GRPC_ROUTE],
  plan: (request, view) => {
    const isGrpc = (request.headers['content-type'] ?? '').startsWith('application/grpc');
    const grpc = isGrpc ? planBy(GRPC_ROUTE, GRPC_MATCHES, request, view) : undefined;
    return grpc ?? planBy(HTTP_ROUTE, HTTP_MATCHES, request, view);
  },
};

function planBy(kind: string, matches: RuleMatches, request: MeshRequest, view: MeshView): MeshPlan | undefined {
  const attached = view.objects(kind).flatMap(route => {
    const hostRank = rankOf(route, request, view);
    return hostRank === undefined ? [] : [{ route, hostRank }];
  });
  if (attached.length === 0) return undefined;
  const candidates = attached.flatMap(({ route, hostRank }): readonly Candidate[] =>
    objects(fields(route['spec'])['rules']).flatMap(rule =>
      matches(rule, request).map(rank => ({ rule, namespace: route.metadata.namespace ?? '', hostRank, rank })),
    ),
  );
  // Sorting is stable: of equals the older route wins, then the earlier rule.
  const [first] = candidates.toSorted((a, b) => b.hostRank - a.hostRank || compare(b.rank, a.rank));
  return first === undefined ? answered(404, 'no rule matches') : follow(first, view);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((value, index) => value !== b[index]);
  return differing < 0 ? 0 : (a[differing] ?? 0) - (b[differing] ?? 0);
}

/** How specifically a route claims the host: by its Service, or by the hostnames behind its Gateway. */
function rankOf({ metadata, spec }: KubeObject, request: MeshRequest, view: MeshView): number | undefined {
  const { parentRefs, hostnames } = fields(spec);
  const parents = objects(parentRefs);
  const service = serviceOf(request.host, request.namespace, view);
  if (service !== undefined) {
    const named = parents.some(
      ({ kind, name, namespace = metadata.namespace }) =>
        kind === 'Service' && name === service.name && namespace === service.namespace,
    );
    return named ? 0 : undefined;
  }
  if (!parents.some(({ kind = 'Gateway' }) => kind === 'Gateway')) return undefined;
  return bestRank(Array.isArray(hostnames) ? hostnames.flatMap(host => asText(host) ?? []) : [], request.host);
}

function follow({ rule, namespace }: Candidate, view: MeshView): MeshPlan {
  const filters = objects(rule['filters']);
  const redirect = filters.find(({ type }) => type === 'RequestRedirect');
  if (redirect !== undefined) {
    return answered(weightOf(fields(redirect['requestRedirect'])['statusCode']) ?? 302, 'redirect');
  }
  const backends = objects(rule['backendRefs']).map(backend => ({
    weight: weightOf(backend['weight']) ?? 1,
    target: targetOf(backend, namespace, view),
  }));
  return divided(backends, answer(500, 'no backend has a weight'), filters.flatMap(mirrorOf(namespace, view)));
}

function mirrorOf(namespace: string, view: MeshView): (filter: Fields) => readonly Share[] {
  return ({ type, requestMirror }) => {
    if (type !== 'RequestMirror') return [];
    const { backendRef, percent, fraction } = fields(requestMirror);
    const { numerator, denominator } = fields(fraction);
    const part = (weightOf(numerator) ?? 0) / (weightOf(denominator) ?? 100);
    const share = fraction === undefined ? (weightOf(percent) ?? 100) / 100 : part;
    return [{ share, target: targetOf(fields(backendRef), namespace, view) }];
  };
}

/** What does not exist, is no Service, or lives elsewhere without a grant answers 500 for its share. */
function targetOf(
  { group = '', kind = 'Service', name, ...backend }: Fields,
  namespace: string,
  view: MeshView,
): MeshTarget {
  const service = { namespace, name: asText(name) ?? '' };
  const known = group === '' && kind === 'Service' && (backend['namespace'] ?? namespace) === namespace;
  if (!known || findService(service, view) === undefined) return answer(500, `no backend ${String(name)}`);
  return toService(namespace, service.name);
}
