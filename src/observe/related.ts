import { relatedFor } from '../analysis/analysis.js';
import type { Spec } from '../api/spec.js';
import type { RelatedRule } from '../metacontroller/hook.js';
import type { KubeObject } from '../metacontroller/object.js';
import { OWNER_LABEL } from '../metacontroller/unchanged.js';
import { childName } from '../names.js';
import { hash } from '../revision/hash.js';
import { routerFor } from '../traffic/routers.js';
import { isRouted } from '../traffic/routes.js';
import { findObject, kindOf } from './children.js';
import type { Observation } from './observation.js';
import type { Parent } from './parent.js';

/**
 * The names that our children want, asked for so that somebody else's object under one of them can be seen: creating a
 * child whose name is taken fails for ever, and only in Metacontroller's log.
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

/** A name that we want and that somebody else's object has. */
export interface Collision {
  readonly kind: string;
  readonly name: string;
  /** Who controls it, as far as it says. */
  readonly owner: string;
  /** It is a child of an earlier StormService of this name, left behind when that one was deleted. */
  readonly leftBehind: boolean;
}

export function findCollisions(observation: Observation, desired: readonly KubeObject[]): readonly Collision[] {
  const { parent, children, related } = observation;
  return desired.flatMap(child => {
    const kind = kindOf(child);
    const { name } = child.metadata;
    const other = findObject(related, kind, name);
    if (!other || findObject(children, kind, name)) return [];
    const controller = other.metadata.ownerReferences?.find(reference => reference.controller === true);
    if (controller?.uid === parent.uid) return [];
    const formerUid = other.metadata.labels?.[OWNER_LABEL];
    // Released or just made: Metacontroller adopts it with the next sync.
    if (!controller && formerUid === parent.uid) return [];
    return [
      {
        kind: child.kind,
        name,
        owner: controller ? `${controller.kind} ${controller.name}` : 'nobody',
        leftBehind: !controller && formerUid !== undefined,
      },
    ];
  });
}
