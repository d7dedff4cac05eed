import { asText, type Fields, objects } from '../../schema/json.js';
import type { Problem } from '../../schema/problem.js';
import { firstRepeated } from '../../schema/repeated.js';
import type { ManagedRoute, RouteRefusal } from '../router.js';
import { weightProblems } from '../weights.js';
import type { IstioConfig } from './schema.js';
import { narrowedRoute, PROTOCOLS } from './virtualService.js';

export function istioProblems(config: IstioConfig, path: string): readonly Problem[] {
  return [
    ...routeProblems(config, `${path}.virtualService.spec`),
    ...ruleProblems(config, `${path}.destinationRule.spec`),
  ];
}

function routeProblems({ virtualService }: IstioConfig, path: string): readonly Problem[] {
  const spec: Fields | undefined = virtualService.spec;
  if (spec === undefined) return [];
  const problem = 'it has no http, tls or tcp route';
  const remedy = 'write a route whose destination is the stable Service, or remove spec';
  return [
    ...(PROTOCOLS.some(protocol => objects(spec[protocol]).length > 0) ? [] : [{ path, problem, remedy }]),
    ...PROTOCOLS.flatMap(protocol =>
      objects(spec[protocol]).flatMap((route, index) =>
        weightProblems(objects(route['route']), `${path}.${protocol}[${index}].route`),
      ),
    ),
  ];
}

function ruleProblems({ destinationRule }: IstioConfig, path: string): readonly Problem[] {
  const spec: Fields = destinationRule?.spec ?? {};
  const names = objects(spec['subsets']).map(({ name }) => asText(name));
  const twice = firstRepeated(names);
  const subset = {
    path: `${path}.subsets`,
    problem: `the subset ${twice} is listed twice`,
    remedy: 'list each subset once',
  };
  const policy = {
    path: `${path}.trafficPolicy`,
    problem: 'it applies to the root Service, but Host splitting sends requests to the stable and canary Services',
    remedy: 'set destinationRule.splitting to Subset, or write a DestinationRule of your own for each of the two',
  };
  const isLost = spec['trafficPolicy'] !== undefined && spec['host'] === undefined;
  return [
    ...(twice === undefined ? [] : [subset]),
    ...(isLost && destinationRule?.splitting === 'Host' ? [policy] : []),
  ];
}

export function istioRefusals(
  { virtualService }: IstioConfig,
  routes: readonly ManagedRoute[],
): readonly RouteRefusal[] {
  const http = virtualService.spec === undefined ? [{}] : objects(virtualService.spec['http']);
  const reason = 'none of its matches can reach an http route of virtualService.spec';
  return routes
    .filter(({ match }) => match.length > 0)
    .filter(route => !http.some(each => narrowedRoute(each, route).length > 0))
    .map(route => ({ route: route.name, reason }));
}
