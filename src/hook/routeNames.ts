/**
 * The names of our route objects, requested as related objects like those of the other children: an object of that name
 * that is somebody else's is a collision. Server-side apply would take it over by force.
 */
import type { Spec } from '../api/spec.js';
import { isRouted } from '../api/strategy/trafficRouting.js';
import type { RelatedRule } from '../metacontroller/hook.js';
import type { KubeObject } from '../metacontroller/object.js';
import type { Parent } from '../observe/parent.js';
import { routerContext } from '../observe/routes.js';
import type { TrafficTarget } from '../routers/router.js';
import { desiredRoutes } from '../routers/routers.js';
import { asText, fields, objects } from '../schema/json.js';

/** The names do not depend on it. */
const ANY_TARGET: TrafficTarget = { weight: 0, maxWeight: 100, routes: [], stableRevision: '', canaryRevision: '' };

/** Of kinds that the controller watches: a rule of a kind that the cluster does not have fails every sync. */
export function routeNames(parent: Parent, spec: Spec, controller: KubeObject | undefined): readonly RelatedRule[] {
  if (!isRouted(spec.strategy)) return [];
  const context = routerContext({ parent, spec, children: {}, related: {} }, spec.strategy);
  const routes = desiredRoutes(spec.strategy.trafficRouting.routers, ANY_TARGET, context);
  const watched = objects(fields(fields(controller)['spec'])['childResources']).flatMap(({ apiVersion, resource }) => {
    const [version, plural] = [asText(apiVersion), asText(resource)];
    return version === undefined || plural === undefined ? [] : [{ apiVersion: version, resource: plural }];
  });
  return watched.flatMap(({ apiVersion, resource }) => {
    const ours = routes.filter(route => route.apiVersion === apiVersion && isPluralOf(resource, route.kind));
    const names = [...new Set(ours.map(({ metadata }) => metadata.name))];
    return names.length === 0 ? [] : [{ apiVersion, resource, namespace: parent.namespace, names }];
  });
}

/** As English and API conventions form it: the kind is all that an object tells, the plural all that a controller does. */
function isPluralOf(resource: string, kind: string): boolean {
  const singular = kind.toLowerCase();
  return [singular, `${singular}s`, `${singular}es`, singular.replace(/y$/, 'ies')].includes(resource);
}
