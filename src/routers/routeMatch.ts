/** Which requests a header or mirror route takes, and how that narrows the user's own match. */
import { type Fields, objects } from '../schema/json.js';
import type { StringMatch } from '../schema/stringMatch.js';
import type { ManagedRoute } from './router.js';

/** Requests that match all of this. */
export interface RouteMatch {
  readonly method?: StringMatch | undefined;
  readonly path?: StringMatch | undefined;
  readonly headers: readonly (readonly [name: string, value: StringMatch])[];
}

/** A request is taken by the route when any of these holds. */
function matchesOf(route: ManagedRoute): readonly RouteMatch[] {
  if (route.action === 'setHeaderRoute') {
    return [{ headers: route.match.map(({ headerName, headerValue }) => [headerName, headerValue] as const) }];
  }
  return route.match.map(({ method, path, headers = {} }) => ({
    method,
    // Every path begins with a slash: that prefix asks for nothing.
    path: path?.prefix === '/' ? undefined : path,
    headers: Object.entries(headers),
  }));
}

/** The user's matches, of which any may hold, each narrowed to the managed route; `narrow`: none where they exclude each other. */
export function narrowedMatches(
  written: unknown,
  route: ManagedRoute,
  narrow: (own: Fields, wanted: RouteMatch) => Fields | undefined,
): readonly Fields[] {
  const own = objects(written);
  const within = own.length > 0 ? own : [{}];
  const wanted = matchesOf(route);
  return within.flatMap(match => wanted.map(each => narrow(match, each))).filter(match => match !== undefined);
}

/** Text that both let through; 'none' where there is none, or none that can be written as one match. */
export function bothMatch(
  a: StringMatch | undefined,
  b: StringMatch | undefined,
  covers: (prefix: string, text: string) => boolean,
): StringMatch | undefined | 'none' {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.regex !== undefined || b.regex !== undefined) return a.regex === b.regex ? a : 'none';
  if (isWithin(a, b, covers)) return a;
  return isWithin(b, a, covers) ? b : 'none';
}

/** Whether whatever `narrow` matches is matched by `wide` too. */
function isWithin(narrow: StringMatch, wide: StringMatch, covers: (prefix: string, text: string) => boolean): boolean {
  if (wide.exact !== undefined) return narrow.exact === wide.exact;
  const start = narrow.exact ?? narrow.prefix;
  return wide.prefix !== undefined && start !== undefined && covers(wide.prefix, start);
}
