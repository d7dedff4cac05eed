import { type Fields, fields, text } from '../schema/json.js';
import { GROUP } from '../schema/names.js';
import type { StringMatch } from '../schema/stringMatch.js';
import type {
  ManagedRoute,
  RouterContext,
  SetHeaderRouteAction,
  SetMirrorRouteAction,
  TrafficTarget,
} from './router.js';

/**
 * Names of the managed routes that an object carries, `header:qa,mirror:shadow`. The routes themselves have no names:
 * a list whose items are all named is merged by dynamic apply, which loses their order. Written in the same update as
 * the routes, and believed only where such routes are seen.
 */
export const MANAGED_ROUTES_ANNOTATION = `${GROUP}/managed-routes`;

/** Requests that match all of this. */
export interface Condition {
  readonly method?: StringMatch | undefined;
  readonly path?: StringMatch | undefined;
  readonly headers: readonly (readonly [name: string, value: StringMatch])[];
}

/** Routes that send something, in the order of `managedRoutes`: one without a match is a route taken away. */
export function routesInForce(target: TrafficTarget, { managedRoutes }: RouterContext): readonly ManagedRoute[] {
  const rank = (route: ManagedRoute) =>
    managedRoutes.includes(route.name) ? managedRoutes.indexOf(route.name) : Infinity;
  return target.routes.filter(({ match }) => match.length > 0).toSorted((a, b) => compare(rank(a), rank(b)));
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** A request is taken by the route when any of these holds. */
export function conditionsOf(route: ManagedRoute): readonly Condition[] {
  return route.action === 'setHeaderRoute' ? [headerCondition(route)] : mirrorConditions(route);
}

/** All headers of a header route must match. */
function headerCondition({ match }: SetHeaderRouteAction): Condition {
  return { headers: match.map(({ headerName, headerValue }) => [headerName, headerValue] as const) };
}

function mirrorConditions({ match }: SetMirrorRouteAction): readonly Condition[] {
  return match.map(({ method, path, headers = {} }) => ({
    method,
    // Every path begins with a slash: that prefix asks for nothing.
    path: path?.prefix === '/' ? undefined : path,
    headers: Object.entries(headers),
  }));
}

export function managedAnnotation(routes: readonly ManagedRoute[]): Readonly<Record<string, string>> {
  if (routes.length === 0) return {};
  const names = routes.map(({ action, name }) => `${action === 'setHeaderRoute' ? 'header' : 'mirror'}:${name}`);
  return { [MANAGED_ROUTES_ANNOTATION]: names.join(',') };
}

/** Which kinds of managed routes an object is seen to carry. */
export interface Seen {
  readonly header: boolean;
  readonly mirror: boolean;
}

/** Their names; what the annotation does not name is named by its kind. */
export function managedNames(object: Fields, seen: Seen): readonly string[] {
  const annotation = text(fields(fields(object['metadata'])['annotations'])[MANAGED_ROUTES_ANNOTATION]) ?? '';
  const entries = annotation.split(',').filter(entry => entry.includes(':'));
  return (['header', 'mirror'] as const).flatMap(kind => {
    if (!seen[kind]) return [];
    const names = entries.filter(entry => entry.startsWith(`${kind}:`)).map(entry => entry.slice(kind.length + 1));
    return names.length > 0 ? names : [`unnamed ${kind} route`];
  });
}

/** Text that both let through; 'none' where there is none, or none that can be written as one match. */
export function bothMatch(
  a: StringMatch | undefined,
  b: StringMatch | undefined,
  covers: (prefix: string, text: string) => boolean,
): StringMatch | undefined | 'none' {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.regex !== undefined || b.regex !== undefined) return a.regex === b.regex ? a : 'none';
  if (passes(a, b, covers)) return a;
  return passes(b, a, covers) ? b : 'none';
}

/** Whether whatever `narrow` matches is matched by `wide` too. */
function passes(narrow: StringMatch, wide: StringMatch, covers: (prefix: string, text: string) => boolean): boolean {
  if (wide.exact !== undefined) return narrow.exact === wide.exact;
  const start = narrow.exact ?? narrow.prefix;
  return wide.prefix !== undefined && start !== undefined && covers(wide.prefix, start);
}
