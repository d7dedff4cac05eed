import { relatedFor } from '../analysis/analysis.js';
import { readSpec } from '../api/readSpec.js';
import type { Spec } from '../api/spec.js';
import { isRouted } from '../api/strategy/trafficRouting.js';
import type { CustomizeAnswer, CustomizeRequest, RelatedRule } from '../metacontroller/hook.js';
import { type Parent, readParent } from '../observe/parent.js';
import { routerFor } from '../routers/routers.js';
import { hash } from '../schema/hash.js';
import { childName } from '../schema/names.js';
import { routeNames } from './routeNames.js';
import { type Settings, specContext } from './settings.js';

/** Depends only on the spec and the controller: Metacontroller caches the response until one of them changes. */
export function answerCustomize({ controller, parent }: CustomizeRequest, settings: Settings): CustomizeAnswer {
  const spec = readSpec(parent['spec'], specContext(parent, settings));
  if (!spec.ok) return { relatedResources: [] };
  const us = readParent(parent);
  return { relatedResources: [...relatedNames(us, spec.value), ...routeNames(us, spec.value, controller)] };
}

/**
 * The names of our children, requested as related objects to detect other objects with one of these names: creating a
 * child whose name is taken always fails, visibly only in Metacontroller's log.
 */
export function relatedNames({ name, namespace, uid }: Parent, spec: Spec): readonly RelatedRule[] {
  const revision = hash(spec.template);
  const services = serviceNames(spec);
  return [
    ...(services.length > 0 ? [{ apiVersion: 'v1', resource: 'services', namespace, names: services }] : []),
    {
      apiVersion: 'apps/v1',
      resource: 'replicasets',
      namespace,
      names: spec.roles.map(role => childName(name, role.name, revision)),
    },
    { apiVersion: 'apps/v1', resource: 'controllerrevisions', namespace, names: [childName(name, revision)] },
    ...(isRouted(spec.strategy)
      ? spec.strategy.trafficRouting.routers.flatMap(router =>
          routerFor(router).related(router.config, { parent: { name, namespace, uid } }),
        )
      : []),
    ...relatedFor(spec, namespace),
  ];
}

/** All Services that the strategy needs. None without ports. */
export function serviceNames({ service, strategy }: Spec): readonly string[] {
  if (!service) return [];
  switch (strategy.type) {
    case 'BlueGreen':
      return [...new Set([service.name, strategy.activeService, strategy.previewService])];
    case 'Canary':
      return strategy.trafficRouting ? [service.name, strategy.stableService, strategy.canaryService] : [service.name];
    case 'RollingUpdate':
      return [service.name];
    default:
      return strategy satisfies never;
  }
}
