import { asText, type Fields, fields } from '../schema/json.js';
import { GROUP } from '../schema/names.js';
import type { ManagedRoute, RouterContext, TrafficTarget } from './router.js';
import type { Side } from './weights.js';

/**
 * Names of the managed routes that an object carries, `header:qa,mirror:shadow`. The routes themselves have no names:
 * a list whose items are all named is merged by dynamic apply, which loses their order. Written in the same update as
 * the routes, and believed only where such routes are seen.
 */
export const MANAGED_ROUTES_ANNOTATION = `${GROUP}/managed-routes`;

/** Routes that send something, in the order of `managedRoutes`: one without a match is a route taken away. */
export function routesInForce(target: TrafficTarget, { managedRoutes }: RouterContext): readonly ManagedRoute[] {
  const rank = ({ name }: ManagedRoute) =>
    managedRoutes.includes(name) ? managedRoutes.indexOf(name) : managedRoutes.length;
  return target.routes.filter(({ match }) => match.length > 0).toSorted((a, b) => rank(a) - rank(b));
}

export function managedAnnotation(routes: readonly ManagedRoute[]): Readonly<Record<string, string>> {
  if (routes.length === 0) return {};
  const names = routes.map(({ action, name }) => `${action === 'setHeaderRoute' ? 'header' : 'mirror'}:${name}`);
  return { [MANAGED_ROUTES_ANNOTATION]: names.join(',') };
}

/** Names of the managed routes of the kinds that are seen; what the annotation does not name is named by its kind. */
export function managedNames(
  object: Fields,
  seen: { readonly header: boolean; readonly mirror: boolean },
): readonly string[] {
  const annotation = asText(fields(fields(object['metadata'])['annotations'])[MANAGED_ROUTES_ANNOTATION]) ?? '';
  const entries = annotation.split(',').filter(entry => entry.includes(':'));
  return (['header', 'mirror'] as const).flatMap(kind => {
    if (!seen[kind]) return [];
    const names = entries.filter(entry => entry.startsWith(`${kind}:`)).map(entry => entry.slice(kind.length + 1));
    return names.length > 0 ? names : [`unnamed ${kind} route`];
  });
}

/** Canary alone, and only for requests with certain headers. Without such a match it is weight, however it came to be. */
export function isHeaderRoute(
  sides: readonly Side[],
  matches: readonly Fields[],
  asksForHeaders: (match: Fields) => boolean,
): boolean {
  return sides.includes('canary') && !sides.includes('stable') && matches.length > 0 && matches.every(asksForHeaders);
}
