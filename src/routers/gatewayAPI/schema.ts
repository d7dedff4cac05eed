import { Type } from 'typebox';
import type { Place } from '../../schema/place.js';
import { anyObject, list, nameText, type Static, shape, text } from '../../schema/schema.js';
import type { RoutingNames } from '../router.js';

export const GATEWAY_GROUP = 'gateway.networking.k8s.io';
export const GATEWAY_API = `${GATEWAY_GROUP}/v1`;

const MAX_PARENTS = 32;
const MAX_HOSTNAMES = 16;
const ROUTES = 'httpRoute, grpcRoute, tlsRoute or tcpRoute';

function routeSchema(kind: string) {
  return shape(
    {
      name: Type.Optional(nameText({ description: `Name of the ${kind}. Default: the name of the StormService.` })),
      spec: Type.Optional(
        anyObject({
          description:
            'Its spec, written as if there were only the stable Service; every rule with a backendRef to it is split.',
        }),
      ),
      parentRefs: Type.Optional(
        list(anyObject({ description: 'One Gateway or Service.' }), {
          minItems: 1,
          maxItems: MAX_PARENTS,
          description: 'What the route is attached to, without spec.',
        }),
      ),
      hostnames: Type.Optional(
        list(text({ minLength: 1, description: 'One hostname.' }), {
          maxItems: MAX_HOSTNAMES,
          description: 'Hostnames, without spec.',
        }),
      ),
    },
    {
      description: `The ${kind} that the hook creates.`,
      rules: [{ rule: 'has(self.spec) != has(self.parentRefs)', message: 'write either spec or parentRefs' }],
    },
  );
}

export const GatewayApiSchema = shape(
  {
    httpRoute: Type.Optional(routeSchema('HTTPRoute')),
    grpcRoute: Type.Optional(routeSchema('GRPCRoute')),
    tlsRoute: Type.Optional(routeSchema('TLSRoute')),
    tcpRoute: Type.Optional(routeSchema('TCPRoute')),
  },
  {
    description: 'Gateway API: the hook creates the routes.',
    rules: [
      {
        rule: 'has(self.httpRoute) || has(self.grpcRoute) || has(self.tlsRoute) || has(self.tcpRoute)',
        message: `write ${ROUTES}`,
      },
    ],
  },
);

type Raw = Static<typeof GatewayApiSchema>;
type RawRoute = Static<ReturnType<typeof routeSchema>>;

/** One route of ours. */
export type RouteConfig = RawRoute & { readonly name: string };

/** `trafficRouting.gatewayAPI` with all defaults. */
export type GatewayApiConfig = { readonly [Field in keyof Raw]?: RouteConfig };

/** How the kinds differ: all split alike, two can match requests. */
export interface RouteKind {
  readonly field: keyof Raw;
  readonly kind: string;
  readonly matches: 'http' | 'grpc' | 'none';
}

const ROUTE_KINDS: readonly RouteKind[] = [
  { field: 'httpRoute', kind: 'HTTPRoute', matches: 'http' },
  { field: 'grpcRoute', kind: 'GRPCRoute', matches: 'grpc' },
  { field: 'tlsRoute', kind: 'TLSRoute', matches: 'none' },
  { field: 'tcpRoute', kind: 'TCPRoute', matches: 'none' },
];

/** The routes that a configuration asks for. */
export function routesOf(
  config: GatewayApiConfig,
): readonly { readonly kind: RouteKind; readonly route: RouteConfig }[] {
  return ROUTE_KINDS.flatMap(kind => {
    const route = config[kind.field];
    return route === undefined ? [] : [{ kind, route }];
  });
}

export function readGatewayApi(raw: Raw, { name }: RoutingNames, place: Place): readonly GatewayApiConfig[] {
  if (Object.keys(raw).length === 0) place.refuse('no route is written', `write ${ROUTES}`);
  const routes = Object.entries(raw).map(([field, route]) => {
    checkRoute(route, place.at(field));
    return [field, { name, ...route }] as const;
  });
  return [Object.fromEntries(routes)];
}

function checkRoute(route: RawRoute, place: Place): void {
  if (route.spec === undefined && route.parentRefs === undefined) {
    place.refuse('the route is attached to nothing', 'write parentRefs (- name: my-gateway) or a whole spec');
  }
  if (route.spec !== undefined && (route.parentRefs !== undefined || route.hostnames !== undefined)) {
    place.refuse('spec and parentRefs or hostnames are both written', 'write parentRefs and hostnames inside spec');
  }
}
