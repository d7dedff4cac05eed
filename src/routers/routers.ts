/** The registry: every router under its field in `trafficRouting`, in the order in which specs are read. */
import { type Static, type TOptional, Type } from 'typebox';
import type { KubeObject } from '../metacontroller/object.js';
import type { Place } from '../schema/place.js';
import { gatewayAPI } from './gatewayAPI/gatewayAPI.js';
import { istio } from './istio/istio.js';
import { nginx } from './nginx/nginx.js';
import type { Router, RouterContext, RoutingNames, TrafficTarget } from './router.js';
import { smi } from './smi/smi.js';
import { template } from './template/template.js';
import { traefik } from './traefik/traefik.js';

const ROUTERS = { istio, nginx, smi, gatewayAPI, traefik, template } as const;

type Routers = typeof ROUTERS;
export type RouterName = keyof Routers;
type Schemas = { readonly [Name in RouterName]: Routers[Name]['schema'] };
type Configs = { readonly [Name in RouterName]: ReturnType<Routers[Name]['read']>[number] };

/** One traffic router as the user configured it, with all defaults. */
export type RouterSpec<Name extends RouterName = RouterName> = {
  readonly [Each in Name]: { readonly router: Each; readonly config: Configs[Each] };
}[Name];

export const ROUTER_NAMES = Object.keys(ROUTERS) as readonly RouterName[];

/** The fields of `trafficRouting` that configure routers. */
export const routerFields = Object.fromEntries(
  Object.entries(ROUTERS).map(([name, { schema }]) => [name, Type.Optional(schema)]),
) as { readonly [Name in RouterName]: TOptional<Schemas[Name]> };

/** The dialect of a router of a spec. */
export function routerFor<Name extends RouterName>({
  router,
}: {
  readonly router: Name;
}): Router<Schemas[Name], Configs[Name]> {
  const routers: { readonly [Each in RouterName]: Router<Schemas[Each], Configs[Each]> } = ROUTERS;
  return routers[router];
}

/** Routers in the order of the registry, whatever order the user wrote them in. */
export function readRouters(
  raw: { readonly [Name in RouterName]?: Static<Schemas[Name]> },
  names: RoutingNames,
  place: Place,
): readonly RouterSpec[] {
  return ROUTER_NAMES.flatMap(name => {
    const field = raw[name];
    return field === undefined ? [] : readRouter(name, field, names, place.at(name));
  });
}

function readRouter<Name extends RouterName>(
  router: Name,
  raw: Static<Schemas[Name]>,
  names: RoutingNames,
  place: Place,
): readonly RouterSpec<Name>[] {
  return routerFor({ router })
    .read(raw, names, place)
    .map(config => ({ router, config }));
}

/** The children of several routers for one target. */
export function desiredRoutes(
  routers: readonly RouterSpec[],
  target: TrafficTarget,
  context: RouterContext,
): readonly KubeObject[] {
  return routers.flatMap(spec => routerFor(spec).desired(spec.config, target, context));
}
