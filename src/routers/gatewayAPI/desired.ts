import type { KubeObject } from '../../metacontroller/object.js';
import { type Fields, objects } from '../../schema/json.js';
import { type RouteName, routeChild } from '../child.js';
import { managedAnnotation, routesInForce } from '../managedRoutes.js';
import type { RouterContext, TrafficTarget } from '../router.js';
import { completeSpec } from './defaults.js';
import { renderRules } from './rules.js';
import { GATEWAY_API, type GatewayApiConfig, type RouteConfig, type RouteKind, routesOf } from './schema.js';

export function routeName({ kind }: RouteKind, { name }: RouteConfig): RouteName {
  return { apiVersion: GATEWAY_API, kind, name };
}

export function gatewayDesired(
  config: GatewayApiConfig,
  target: TrafficTarget,
  context: RouterContext,
): readonly KubeObject[] {
  return routesOf(config).map(({ kind, route }) => {
    const routes = kind.matches === 'none' ? [] : routesInForce(target, context);
    const spec = completeSpec(specOf(route, context), kind);
    const rules = renderRules(objects(spec['rules']), { kind, context, target, routes });
    return routeChild(context, {
      ...routeName(kind, route),
      annotations: managedAnnotation(routes),
      // Once more: what was added has defaults as well.
      spec: completeSpec({ ...spec, rules }, kind),
    });
  });
}

/** The user's spec, or one that sends everything to the stable Service. */
export function specOf({ spec, parentRefs, hostnames }: RouteConfig, context: RouterContext): Fields {
  if (spec !== undefined) return spec;
  const port = context.ports[0]?.port;
  const backend = { name: context.stableService, ...(port !== undefined && { port }) };
  return {
    ...(parentRefs !== undefined && { parentRefs }),
    ...(hostnames !== undefined && { hostnames }),
    rules: [{ backendRefs: [backend] }],
  };
}
