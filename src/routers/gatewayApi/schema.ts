import { Type } from 'typebox';
import type { JsonObject } from '../../schema/json.js';
import type { Place } from '../../schema/place.js';
import { anyObject, list, nameText, type Static, shape, text } from '../../schema/schema.js';

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
            'Its spec as you would write it with the stable Service as backendRef; every rule naming it is split.',
        }),
      ),
      parentRefs: Type.Optional(
        list(anyObject({ description: 'One Gateway or Service.' }), {
          minItems: 1,
          maxItems: MAX_PARENTS,
          description: 'What the route is attached to, where no spec is given.',
        }),
      ),
      hostnames: Type.Optional(
        list(text({ minLength: 1, description: 'One hostname.' }), {
          maxItems: MAX_HOSTNAMES,
          description: 'Hostnames, where no spec is given.',
        }),
      ),
    },
    {
      description: `The ${kind} that we make.`,
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
    description: 'Gateway API: routes of ours.',
    rules: [
      {
        rule: 'has(self.httpRoute) || has(self.grpcRoute) || has(self.tlsRoute) || has(self.tcpRoute)',
        message: `write ${ROUTES}`,
      },
    ],
  },
);

export function readGatewayApi(raw: Static<typeof GatewayApiSchema>, name: string, place: Place): JsonObject {
  if (Object.keys(raw).length === 0) {
    place.refuse('no route is written', `write ${ROUTES}`);
  }
  const routes = Object.entries(raw).map(([kind, route]) => {
    checkRoute(route, place.at(kind));
    return [kind, { name, ...route }] as const;
  });
  return Object.fromEntries(routes) as JsonObject;
}

function checkRoute(route: Static<ReturnType<typeof routeSchema>>, place: Place): void {
  if (route.spec === undefined && route.parentRefs === undefined) {
    place.refuse('the route is attached to nothing', 'write parentRefs (- name: my-gateway) or a whole spec');
  }
  if (route.spec !== undefined && (route.parentRefs !== undefined || route.hostnames !== undefined)) {
    place.refuse('spec and parentRefs or hostnames are both written', 'write parentRefs and hostnames inside spec');
  }
}
