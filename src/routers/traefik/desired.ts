import type { KubeObject } from '../../metacontroller/object.js';
import type { Fields } from '../../schema/json.js';
import { childName } from '../../schema/names.js';
import { type RouteName, routeChild } from '../child.js';
import type { RouterContext, TrafficTarget } from '../router.js';
import { pairOf } from '../weights.js';
import type { TraefikConfig } from './schema.js';

export const TRAEFIK_API = 'traefik.io/v1alpha1';
export const TRAEFIK_SERVICE = 'TraefikService';

/** The weighted TraefikService that the user's IngressRoute names, and that of the canary. */
export function traefikServices({ traefikService: { name } }: TraefikConfig) {
  const named = (each: string): RouteName => ({ apiVersion: TRAEFIK_API, kind: TRAEFIK_SERVICE, name: each });
  return { outer: named(name), canary: named(childName(name, 'canary')) };
}

/**
 * The canary has a TraefikService of its own, which the weighted one names beside the stable Service:
 *
 *     my-app: weighted [ {Service my-app-stable, port 80}, {TraefikService my-app-canary} ]
 *     my-app-canary: weighted [ {Service my-app-canary, port 80} ]
 *
 * Were both Services in one list, dynamic apply would merge the list by their equal ports into one. Like this the items
 * have only `name` in common, which differs.
 *
 * Without weight the canary is not named at all. Traefik (`allowEmptyServices: false`) does not build what names a Service
 * without endpoints, at any weight: a canary whose first pod is still to come would take the whole route with it.
 */
export function traefikDesired(
  config: TraefikConfig,
  target: TrafficTarget,
  context: RouterContext,
): readonly KubeObject[] {
  const names = traefikServices(config);
  const port = config.traefikService.port ?? context.ports[0]?.port ?? 80;
  const service = (name: string, weight: number) => ({ kind: 'Service', name, port, weight });
  const weighted = (name: RouteName, ...services: readonly Fields[]) =>
    routeChild(context, { ...name, spec: { weighted: { services } } });
  const { stable, canary } = pairOf(target);
  return [
    weighted(names.canary, service(context.canaryService, 1)),
    weighted(
      names.outer,
      service(context.stableService, stable),
      ...(canary > 0 ? [{ kind: TRAEFIK_SERVICE, name: names.canary.name, weight: canary }] : []),
    ),
  ];
}
