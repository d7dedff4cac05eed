import type { ApplyStrategy } from '../../metacontroller/hook.js';
import { collapse, mergeKey, unsafeLists } from '../../metacontroller/mergeSafety.js';
import { items, objects } from '../../schema/json.js';
import type { Problem } from '../../schema/problem.js';
import type { ManagedRoute, RouteRefusal } from '../router.js';
import { weightProblems } from '../weights.js';
import { narrowedRule } from './matches.js';
import { type GatewayApiConfig, type RouteConfig, routesOf } from './schema.js';

/** The most rules that a route may have. */
const MAX_RULES = 16;
const SERVER_SIDE = 'run Metacontroller with --apply-strategy=server-side-apply';

export function gatewayProblems(config: GatewayApiConfig, path: string, strategy?: ApplyStrategy): readonly Problem[] {
  return routesOf(config).flatMap(({ kind, route }) => {
    const place = `${path}.${kind.field}`;
    const weights = objects(route.spec?.['rules']).flatMap((rule, index) =>
      weightProblems(objects(rule['backendRefs']), `${place}.spec.rules[${index}].backendRefs`),
    );
    return [...weights, ...(strategy === 'dynamic-apply' ? mergeProblems(route, place) : [])];
  });
}

/** What dynamic apply would corrupt: the two lists that we do not write ourselves, and whose items may all be named. */
function mergeProblems({ spec, parentRefs }: RouteConfig, path: string): readonly Problem[] {
  const place = spec === undefined ? path : `${path}.spec`;
  const named = {
    path: `${place}.rules`,
    problem: 'every rule has a name, so dynamic apply would merge the rules and mix up their backends',
    remedy: `remove the name of at least one rule, or ${SERVER_SIDE}`,
  };
  const attached = unsafeLists({ parentRefs: parentRefs ?? spec?.['parentRefs'] }).map(list => ({
    path: `${place}.${list.path}`,
    problem: collapse(list),
    remedy: `attach to the Gateway once, without sectionName, or write a different port in every parentRef, or ${SERVER_SIDE}`,
  }));
  return [...(mergeKey(items(spec?.['rules'])) === undefined ? [] : [named]), ...attached];
}

export function gatewayRefusals(config: GatewayApiConfig, routes: readonly ManagedRoute[]): readonly RouteRefusal[] {
  return routes.flatMap(route => {
    const reason = route.match.length === 0 ? undefined : refusal(config, route, routes);
    return reason === undefined ? [] : [{ route: route.name, reason }];
  });
}

function refusal(config: GatewayApiConfig, route: ManagedRoute, all: readonly ManagedRoute[]): string | undefined {
  const matching = routesOf(config)
    .filter(({ kind }) => kind.matches !== 'none')
    .map(each => ({ kind: each.kind, rules: objects(each.route.spec?.['rules'] ?? [{}]) }));
  if (!matching.some(({ kind, rules }) => rules.some(rule => narrowedRule(rule, route, kind).length > 0))) {
    return 'none of its matches can reach a rule of an HTTPRoute or GRPCRoute';
  }
  const names = new Set(all.map(({ name }) => name)).size;
  const full = matching.find(({ rules }) => rules.length * (1 + names) > MAX_RULES);
  return full && `with ${names} managed routes the ${full.kind.kind} could have more than ${MAX_RULES} rules`;
}
