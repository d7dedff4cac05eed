import type { KubeObject } from '../../../metacontroller/object.js';
import { asText, type Fields, fields, objects } from '../../../schema/json.js';
import { weightOf } from '../../../schema/weight.js';
import type { Labels } from '../../cluster/labels.js';
import { answer, answered, divided, type MeshPlan, type MeshTarget, type Share, toService } from '../plan.js';
import type { MeshRequest } from '../request.js';
import { fullName, type MeshView, type ServiceName, serviceOf } from '../view.js';
import type { Dialect } from './dialect.js';
import { bestRank } from './hostPattern.js';
import { matchesRoute } from './istioMatch.js';

const VIRTUAL_SERVICE = 'VirtualService.networking.istio.io/v1';
const DESTINATION_RULE = 'DestinationRule.networking.istio.io/v1';

interface Route {
  readonly route: Fields;
  /** Of its VirtualService, which short hosts are relative to. */
  readonly namespace: string;
}

/** VirtualService and DestinationRule: the first http route that matches, its destinations by weight and subset. */
export const istioDialect: Dialect = {
  name: 'Istio',
  kinds: [VIRTUAL_SERVICE, DESTINATION_RULE],
  plan: (request, view) => {
    const routes = routesFor(request, view);
    if (routes.length === 0) return undefined;
    const first = routes.find(({ route }) => matchesRoute(route, request));
    return first === undefined ? answered(404, 'no http route of the VirtualService matches') : follow(first, view);
  },
};

/** Of the VirtualServices whose host fits best; several for one host are read one after the other, the oldest first. */
function routesFor(request: MeshRequest, view: MeshView): readonly Route[] {
  const service = serviceOf(request.host, request.namespace, view);
  const host = service === undefined ? request.host : fullName(service);
  const claims = view.objects(VIRTUAL_SERVICE).flatMap(virtualService => {
    const rank = bestRank(hostsOf(virtualService), host);
    return rank === undefined ? [] : [{ rank, virtualService }];
  });
  const best = Math.max(...claims.map(({ rank }) => rank));
  return claims
    .filter(({ rank }) => rank === best)
    .flatMap(({ virtualService: { metadata, spec } }) =>
      objects(fields(spec)['http']).map(route => ({ route, namespace: metadata.namespace ?? '' })),
    );
}

function hostsOf({ metadata, spec }: KubeObject): readonly string[] {
  const { hosts } = fields(spec);
  const written = Array.isArray(hosts) ? hosts.flatMap(host => asText(host) ?? []) : [];
  return written.map(host => inFull(host, metadata.namespace ?? ''));
}

/** Only a name without dots is relative to the namespace: `my-app.shop` is the host of nobody. */
function inFull(host: string, namespace: string): string {
  return host === '*' || host.includes('.') ? host : fullName({ namespace, name: host });
}

function follow({ route, namespace }: Route, view: MeshView): MeshPlan {
  const redirect = fields(route['redirect']);
  if (route['redirect'] !== undefined) return answered(weightOf(redirect['redirectCode']) ?? 301, 'redirect');
  const direct = fields(route['directResponse']);
  if (route['directResponse'] !== undefined) return answered(weightOf(direct['status']) ?? 200, 'direct response');
  const written = objects(route['route']);
  const destinations = written.map(({ destination, weight }) => ({
    // The weight of a single destination does not matter.
    weight: written.length === 1 ? 1 : (weightOf(weight) ?? 0),
    target: targetOf(fields(destination), namespace, view),
  }));
  return divided(destinations, answer(503, 'no destination has a weight'), mirrorsOf(route, namespace, view));
}

function mirrorsOf(route: Fields, namespace: string, view: MeshView): readonly Share[] {
  const one = route['mirror'] === undefined ? [] : [[route['mirror'], route['mirrorPercentage']]];
  const several = objects(route['mirrors']).map(({ destination, percentage }) => [destination, percentage]);
  return [...one, ...several].map(([destination, percentage]) => ({
    share: (weightOf(fields(percentage)['value']) ?? 100) / 100,
    target: targetOf(fields(destination), namespace, view),
  }));
}

function targetOf({ host, subset }: Fields, namespace: string, view: MeshView): MeshTarget {
  const full = inFull(asText(host) ?? '', namespace);
  const service = serviceOf(full, namespace, view);
  if (service === undefined || fullName(service) !== full) return answer(503, `there is no host ${full}`);
  if (subset === undefined) return toService(service.namespace, service.name);
  const labels = subsetLabels(service, asText(subset) ?? '', view);
  if (labels === undefined) return answer(503, `${full} has no subset ${String(subset)}`);
  return toService(service.namespace, service.name, labels);
}

function subsetLabels(service: ServiceName, subset: string, view: MeshView): Labels | undefined {
  const rules = view
    .objects(DESTINATION_RULE)
    .filter(
      ({ metadata, spec }) =>
        inFull(asText(fields(spec)['host']) ?? '', metadata.namespace ?? '') === fullName(service),
    );
  const subsets = rules.flatMap(({ spec }) => objects(fields(spec)['subsets']));
  const found = subsets.find(({ name }) => name === subset);
  return found === undefined ? undefined : (fields(found['labels']) as Labels);
}
