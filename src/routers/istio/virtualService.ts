import { type Fields, fields, items, objects } from '../../schema/json.js';
import type { StringMatch } from '../../schema/stringMatch.js';
import { weightOf } from '../../schema/weight.js';
import { bothMatch, type Condition, conditionsOf } from '../managedRoutes.js';
import type { ManagedRoute, TrafficTarget } from '../router.js';
import { type Destination, divide } from '../weights.js';
import { type Mesh, sideOf, towards } from './hosts.js';

export const PROTOCOLS = ['http', 'tls', 'tcp'] as const;

/** What the rendering of one VirtualService needs to know. */
export interface Rendering {
  readonly mesh: Mesh;
  readonly target: TrafficTarget;
  readonly routes: readonly ManagedRoute[];
}

/**
 * The user's spec with every route that names the stable Service split, and with the header and mirror routes in front
 * of the http route whose requests they take. Http routes lose their names: a list of named routes is merged by
 * dynamic apply, and a header route put in front would land last.
 */
export function renderVirtualService(spec: Fields, rendering: Rendering): Fields {
  const rendered = PROTOCOLS.filter(protocol => Array.isArray(spec[protocol])).map(protocol => [
    protocol,
    objects(spec[protocol]).flatMap(route =>
      protocol === 'http' ? renderHttp(route, rendering) : [splitRoute(route, rendering)],
    ),
  ]);
  return { ...spec, ...Object.fromEntries(rendered) };
}

function renderHttp(named: Fields, rendering: Rendering): readonly Fields[] {
  const { name: _, ...route } = named;
  if (!namesStable(route, rendering.mesh)) return [route];
  const split = splitRoute(route, rendering);
  const managed = rendering.routes.flatMap(each => {
    const match = narrowed(route, each);
    if (match.length === 0) return [];
    return each.action === 'setHeaderRoute'
      ? [{ ...split, match, route: canaryOnly(split, rendering) }]
      : [{ ...mirrored(split, each.percentage, rendering), match }];
  });
  return [...managed, split];
}

export function namesStable(route: Fields, mesh: Mesh): boolean {
  return objects(route['route']).some(each => sideOf(each['destination'], mesh) !== 'other');
}

function splitRoute(route: Fields, { mesh, target }: Rendering): Fields {
  if (!namesStable(route, mesh)) return route;
  const written = objects(route['route']);
  const destinations = written.map(
    (item): Destination<Fields> => ({
      side: sideOf(item['destination'], mesh),
      weight: Math.trunc(weightOf(item['weight']) ?? (written.length === 1 ? 1 : 0)),
      item,
    }),
  );
  const divided = divide(destinations, target, stable => ({
    ...stable,
    destination: towards('canary', fields(stable['destination']), mesh),
  }));
  return { ...route, route: divided.map(({ item, weight }) => ({ ...inPlace(item, mesh), weight })) };
}

/** A destination of ours as this splitting writes it: the user may have written the other one. */
function inPlace(item: Fields, mesh: Mesh): Fields {
  const destination = fields(item['destination']);
  const side = sideOf(destination, mesh);
  return side === 'other' ? item : { ...item, destination: towards(side, destination, mesh) };
}

function canaryOnly(split: Fields, { mesh }: Rendering): readonly Fields[] {
  return objects(split['route'])
    .filter(each => sideOf(each['destination'], mesh) === 'canary')
    .slice(0, 1)
    .map(each => ({ ...each, weight: 100 }));
}

/** Istio takes either `mirror` or `mirrors`; the user's own mirrors stay. */
function mirrored(split: Fields, percentage: number, rendering: Rendering): Fields {
  const destination = fields(canaryOnly(split, rendering)[0]?.['destination']);
  const { mirror: own, mirrorPercentage, mirrors, ...route } = split;
  if (own === undefined && mirrors === undefined) {
    return { ...route, mirror: destination, mirrorPercentage: { value: percentage } };
  }
  const percent = mirrorPercentage === undefined ? {} : { percentage: mirrorPercentage };
  const first = own === undefined ? [] : [{ destination: own, ...percent }];
  return { ...route, mirrors: [...first, ...items(mirrors), { destination, percentage: { value: percentage } }] };
}

/** Matches of the managed route within the user's route: requests that reach other destinations stay theirs. */
export function narrowed(route: Fields, managed: ManagedRoute): readonly Fields[] {
  const own = objects(route['match']);
  const within = own.length > 0 ? own : [{}];
  const conditions = conditionsOf(managed);
  return within
    .flatMap(match => conditions.map(condition => narrow(match, condition)))
    .filter(each => each !== undefined);
}

function narrow(match: Fields, condition: Condition): Fields | undefined {
  const uri = bothMatch(asStringMatch(match['uri']), condition.path, startsWith);
  const method = bothMatch(asStringMatch(match['method']), condition.method, startsWith);
  const headers = fields(match['headers']);
  // Istio knows header names in lower case only.
  const added = Object.fromEntries(condition.headers.map(([name, value]) => [name.toLowerCase(), value]));
  const clash = Object.keys(added).some(name => headers[name] !== undefined);
  if (uri === 'none' || method === 'none' || clash) return undefined;
  return {
    ...match,
    ...(uri !== undefined && { uri }),
    ...(method !== undefined && { method }),
    ...(condition.headers.length > 0 && { headers: { ...headers, ...added } }),
  };
}

/** A prefix of every path leaves the choice to the other side, a regular expression included. */
function asStringMatch(value: unknown): StringMatch | undefined {
  const { exact, prefix, regex } = fields(value);
  if (typeof exact === 'string') return { exact };
  if (typeof regex === 'string') return { regex };
  return typeof prefix === 'string' && prefix !== '/' && prefix !== '' ? { prefix } : undefined;
}

function startsWith(prefix: string, path: string): boolean {
  return path.startsWith(prefix);
}
