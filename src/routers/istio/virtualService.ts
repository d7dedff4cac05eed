import { type Fields, fields, items, objects } from '../../schema/json.js';
import type { StringMatch } from '../../schema/stringMatch.js';
import type { RouteName } from '../child.js';
import { bothMatch, narrowedMatches, type RouteMatch } from '../routeMatch.js';
import type { ManagedRoute, RouterContext, TrafficTarget } from '../router.js';
import { divide } from '../weights.js';
import { type Destinations, isSplitRoute, sideOf, sidesOf, towards } from './hosts.js';
import { ISTIO_API, type IstioConfig } from './schema.js';

export const PROTOCOLS = ['http', 'tls', 'tcp'] as const;

export function virtualServiceName({ virtualService }: IstioConfig): RouteName {
  return { apiVersion: ISTIO_API, kind: 'VirtualService', name: virtualService.name };
}

/** What the rendering of one VirtualService needs to know. */
interface Rendering {
  readonly destinations: Destinations;
  readonly target: TrafficTarget;
  readonly routes: readonly ManagedRoute[];
}

/**
 * The user's spec with every route that names the stable Service split, and with the header and mirror routes in front
 * of the http route whose requests they take. Http routes lose their names: a list of named routes is merged by
 * dynamic apply, and a header route put in front would land last.
 */
export function virtualServiceSpec({ virtualService }: IstioConfig, rendering: Rendering): Fields {
  const spec: Fields = virtualService.spec ?? defaultSpec(virtualService, rendering.destinations.context);
  const rendered = PROTOCOLS.filter(protocol => Array.isArray(spec[protocol])).map(protocol => [
    protocol,
    objects(spec[protocol]).flatMap(route =>
      protocol === 'http' ? renderHttp(route, rendering) : [splitRoute(route, rendering)],
    ),
  ]);
  return { ...spec, ...Object.fromEntries(rendered) };
}

/** With several ports each has a route of its own: Istio cannot guess the port of a destination that has many. */
function defaultSpec({ hosts, gateways }: IstioConfig['virtualService'], context: RouterContext): Fields {
  const destination = { host: context.stableService };
  const http =
    context.ports.length > 1
      ? context.ports.map(({ port }) => ({
          match: [{ port }],
          route: [{ destination: { ...destination, port: { number: port } } }],
        }))
      : [{ route: [{ destination }] }];
  return { hosts: hosts ?? [context.rootService], ...(gateways && { gateways }), http };
}

function renderHttp({ name: _, ...route }: Fields, rendering: Rendering): readonly Fields[] {
  if (!isSplitRoute(route, rendering.destinations)) return [route];
  const split = splitRoute(route, rendering);
  const managed = rendering.routes.flatMap(each => {
    const match = narrowedRoute(route, each);
    if (match.length === 0) return [];
    return each.action === 'setHeaderRoute'
      ? [{ ...split, match, route: canaryOnly(split, rendering) }]
      : [{ ...mirrored(split, each.percentage, rendering), match }];
  });
  return [...managed, split];
}

/** A destination without a weight has all of it if it is alone, and none if it is not. */
export function impliedWeight(route: Fields): number {
  return objects(route['route']).length === 1 ? 1 : 0;
}

function splitRoute(route: Fields, { destinations, target }: Rendering): Fields {
  if (!isSplitRoute(route, destinations)) return route;
  const divided = divide(objects(route['route']), target, {
    sideOf: each => sideOf(each['destination'], destinations),
    implied: impliedWeight(route),
    asCanary: stable => ({ ...stable, destination: towards('canary', fields(stable['destination']), destinations) }),
  });
  return { ...route, route: divided.map(each => inPlace(each, destinations)) };
}

/** A destination of ours as this splitting writes it: the user may have written the other one. */
function inPlace(item: Fields, destinations: Destinations): Fields {
  const destination = fields(item['destination']);
  const side = sideOf(destination, destinations);
  return side === 'other' ? item : { ...item, destination: towards(side, destination, destinations) };
}

function canaryOnly(split: Fields, { destinations }: Rendering): readonly Fields[] {
  const canary = objects(split['route'])[sidesOf(split, destinations).indexOf('canary')];
  return canary === undefined ? [] : [{ ...canary, weight: 100 }];
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
export function narrowedRoute(route: Fields, managed: ManagedRoute): readonly Fields[] {
  return narrowedMatches(route['match'], managed, narrow);
}

function narrow(match: Fields, wanted: RouteMatch): Fields | undefined {
  const uri = bothMatch(asStringMatch(match['uri']), wanted.path, startsWith);
  const method = bothMatch(asStringMatch(match['method']), wanted.method, startsWith);
  const headers = fields(match['headers']);
  // Istio knows header names in lower case only.
  const added = Object.fromEntries(wanted.headers.map(([name, value]) => [name.toLowerCase(), value]));
  const clash = Object.keys(added).some(name => headers[name] !== undefined);
  if (uri === 'none' || method === 'none' || clash) return undefined;
  return {
    ...match,
    ...(uri !== undefined && { uri }),
    ...(method !== undefined && { method }),
    ...(wanted.headers.length > 0 && { headers: { ...headers, ...added } }),
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
