/** From observed objects to what a router carries as a whole. */
import type { Fields } from '../schema/json.js';
import { display, findIn, type RouteName } from './child.js';
import type { ObservedTraffic, RouterContext } from './router.js';

/** What an object that exists carries. */
export interface ObservedRoute {
  /** Canary weight of every place that splits traffic, scaled to maxWeight. */
  readonly weights: readonly number[];
  readonly managedRoutes?: readonly string[];
  readonly refused?: string | undefined;
}

/** One object of a router, by the name that messages give it; without `carries` it does not exist. */
export interface ObservedObject {
  readonly name: string;
  readonly carries?: ObservedRoute;
}

/** A child of ours as `read` understands it, if it exists. */
export function observeChild(
  context: RouterContext,
  route: RouteName,
  read: (object: Fields, name: string) => ObservedRoute,
): ObservedObject {
  const name = display(context, route);
  const object = findIn(context.children, context, route);
  return { name, ...(object !== undefined && { carries: read(object, name) }) };
}

/** All objects of a router taken together: a missing one carries nothing, and nothing is agreed without it. */
export function together(objects: readonly ObservedObject[]): ObservedTraffic {
  const missing = objects.filter(({ carries }) => carries === undefined).map(({ name }) => name);
  const present = objects.flatMap(({ carries }) => carries ?? []);
  if (present.length === 0) return { state: 'absent', missing };
  const weights = present.flatMap(object => object.weights);
  const weight = Math.max(0, ...weights);
  const refused = present.flatMap(object => object.refused ?? []);
  return {
    state: 'present',
    weight,
    agreed: missing.length === 0 && weights.every(each => each === weight),
    managedRoutes: [...new Set(present.flatMap(object => object.managedRoutes ?? []))],
    ...(refused.length > 0 && { refused: refused.join('; ') }),
    ...(missing.length > 0 && { missing }),
  };
}
