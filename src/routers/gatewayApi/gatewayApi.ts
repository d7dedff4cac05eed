import { type Fields, objects } from '../../schema/json.js';
import { display, findIn, routeChild } from '../child.js';
import { managedAnnotation, routesInForce } from '../managedRoutes.js';
import type { ManagedRoute, ObservedTraffic, RouteRefusal, Router, RouterContext } from '../router.js';
import { together } from '../weights.js';
import { GATEWAY_API_VERSION, type GatewayApiConfig, type RouteConfig, type RouteKind, routesOf } from './config.js';
import { completeSpec } from './defaults.js';
import { narrowedMatches } from './matches.js';
import { observeRoute } from './observed.js';
import { gatewayProblems } from './problems.js';
import { namesStable, renderRules } from './rules.js';

/** The most rules that a route may have. */
const MAX_RULES = 16;

export const gatewayApi: Router<GatewayApiConfig> = {
  name: 'gatewayAPI',
  component: 'gateway-api',
  lacks: [],
  kinds: config => routesOf(config).map(({ kind }) => `${kind.kind}.${GATEWAY_API_VERSION}`),
  problems: (config, path, strategy = 'dynamic-apply') => gatewayProblems(config, path, strategy),
  refusals: (config, routes) => routes.flatMap(route => refusal(config, route, routes)),
  rootService: () => 'stable',
  related: () => [],

  desired: (config, target, context) => {
    return routesOf(config).map(({ kind, route }) => {
      const routes = kind.matches === 'none' ? [] : routesInForce(target, context);
      const spec = completeSpec(specOf(route, context), kind);
      const rules = renderRules(objects(spec['rules']), { kind, context, target, routes });
      return routeChild(context, {
        apiVersion: GATEWAY_API_VERSION,
        kind: kind.kind,
        name: route.name ?? context.parent.name,
        annotations: managedAnnotation(routes),
        // Once more: what was added has defaults as well.
        spec: completeSpec({ ...spec, rules }, kind),
      });
    });
  },

  observed: (config, context): ObservedTraffic =>
    together(routesOf(config).map(({ kind, route }) => observe(kind, route, context))),
};

function specOf({ spec, parentRefs, hostnames }: RouteConfig, context: RouterContext): Fields {
  if (spec !== undefined) return spec;
  const port = context.ports[0]?.port;
  const backend = { name: context.stableService, ...(port !== undefined && { port }) };
  return {
    ...(parentRefs !== undefined && { parentRefs }),
    ...(hostnames !== undefined && { hostnames }),
    rules: [{ backendRefs: [backend] }],
  };
}

function observe(kind: RouteKind, route: RouteConfig, context: RouterContext & { readonly maxWeight: number }) {
  const name = route.name ?? context.parent.name;
  const shown = display(context, kind.kind, name);
  const object = findIn(context.children, context, { apiVersion: GATEWAY_API_VERSION, kind: kind.kind, name });
  const seen = observeRoute(object, shown, context);
  const splits = objects(specOf(route, context)['rules']).some(rule => namesStable(rule, context));
  if (splits || !seen.found) return seen;
  return { ...seen, refused: `${shown}: no rule of its spec has the Service ${context.stableService} as backendRef` };
}

function refusal(config: GatewayApiConfig, route: ManagedRoute, all: readonly ManagedRoute[]): readonly RouteRefusal[] {
  if (route.match.length === 0) return [];
  const matching = routesOf(config).filter(({ kind }) => kind.matches !== 'none');
  const rules = matching.map(each => ({ ...each, rules: objects(each.route.spec?.['rules'] ?? [{}]) }));
  if (!rules.some(each => each.rules.some(rule => narrowedMatches(rule, route, each.kind).length > 0))) {
    return [{ route: route.name, reason: 'none of its matches can reach a rule of an HTTPRoute or GRPCRoute' }];
  }
  const names = new Set(all.map(({ name }) => name)).size;
  const full = rules.find(each => each.rules.length * (1 + names) > MAX_RULES);
  if (full === undefined) return [];
  const reason = `with ${names} managed routes the ${full.kind.kind} could have more than ${MAX_RULES} rules`;
  return [{ route: route.name, reason }];
}
