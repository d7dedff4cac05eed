import { asText, type Fields, fields, objects } from '../../../schema/json.js';
import { weightOf } from '../../../schema/weight.js';
import { answer, answered, divided, toService, type Weighted } from '../plan.js';
import { endpointsOf, type MeshView, serviceOf } from '../view.js';
import type { Dialect } from './dialect.js';
import { matchesRule } from './traefikRule.js';

const INGRESS_ROUTE = 'IngressRoute.traefik.io/v1alpha1';
const TRAEFIK_SERVICE = 'TraefikService.traefik.io/v1alpha1';
/** Services within services; deeper is taken for a circle. */
const MAX_DEPTH = 8;

/**
 * IngressRoute and weighted TraefikService. As Traefik is set up by default (`allowEmptyServices: false`), a Service
 * without endpoints is not built, nor is whatever names it, at any weight: the whole route then answers 404.
 */
export const traefikDialect: Dialect = {
  name: 'Traefik',
  kinds: [INGRESS_ROUTE, TRAEFIK_SERVICE],
  plan: (request, view) => {
    if (serviceOf(request.host, request.namespace, view) !== undefined) return undefined;
    const routes = view
      .objects(INGRESS_ROUTE)
      .flatMap(({ metadata, spec }) =>
        objects(fields(spec)['routes']).map(route => ({ route, namespace: metadata.namespace ?? '' })),
      );
    const [first] = routes
      .filter(({ route }) => matchesRule(asText(route['match']) ?? '', request))
      .toSorted((a, b) => priority(b.route) - priority(a.route));
    if (first === undefined) return undefined;
    const built = build(objects(first.route['services']), first.namespace, view, MAX_DEPTH);
    if (built === undefined) return answered(404, 'a service of the IngressRoute could not be built');
    return divided(built, answer(503, 'no service has a weight'));
  },
};

/** Longer rules first, unless a priority is written. */
function priority({ priority: written, match }: Fields): number {
  return weightOf(written) ?? (asText(match) ?? '').length;
}

/** The Services of a list with their shares of its weight; undefined when one of them cannot be built. */
function build(services: readonly Fields[], namespace: string, view: MeshView, depth: number): Weighted[] | undefined {
  const total = services.reduce((sum, { weight }) => sum + (weightOf(weight) ?? 1), 0);
  const built: Weighted[] = [];
  for (const service of services) {
    const inner = buildOne(service, namespace, view, depth);
    if (inner === undefined) return undefined;
    const share = total === 0 ? 0 : (weightOf(service['weight']) ?? 1) / total;
    built.push(...inner.map(({ weight, target }) => ({ weight: weight * share, target })));
  }
  return built;
}

function buildOne({ kind = 'Service', name }: Fields, namespace: string, view: MeshView, depth: number) {
  const named = { namespace, name: asText(name) ?? '' };
  if (kind === 'Service') {
    if (endpointsOf(named, view).length === 0) return undefined;
    return [{ weight: 1, target: toService(namespace, named.name) }];
  }
  const found = view
    .objects(TRAEFIK_SERVICE)
    .find(({ metadata }) => metadata.name === named.name && metadata.namespace === namespace);
  if (found === undefined || depth === 0) return undefined;
  return build(objects(fields(fields(found['spec'])['weighted'])['services']), namespace, view, depth - 1);
}
