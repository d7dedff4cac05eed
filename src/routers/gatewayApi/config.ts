import type { JsonObject } from '../../schema/json.js';

export const GATEWAY_GROUP = 'gateway.networking.k8s.io';
export const GATEWAY_API_VERSION = `${GATEWAY_GROUP}/v1`;

/** One route of ours. */
export interface RouteConfig {
  /** Default: the StormService's name. */
  readonly name?: string;
  /** As the user would write it, with the stable Service as backendRef. */
  readonly spec?: JsonObject;
  /** Without spec. */
  readonly parentRefs?: readonly JsonObject[];
  readonly hostnames?: readonly string[];
}

/** `trafficRouting.gatewayAPI`. */
export interface GatewayApiConfig {
  readonly httpRoute?: RouteConfig;
  readonly grpcRoute?: RouteConfig;
  readonly tlsRoute?: RouteConfig;
  readonly tcpRoute?: RouteConfig;
}

/** How the kinds differ: all split alike, two can match requests. */
export interface RouteKind {
  readonly field: keyof GatewayApiConfig;
  readonly kind: string;
  readonly matches: 'http' | 'grpc' | 'none';
}

export const ROUTE_KINDS: readonly RouteKind[] = [
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
