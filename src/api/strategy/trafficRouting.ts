import { Type } from 'typebox';
import { GatewayApiSchema, readGatewayApi } from '../../routers/gatewayApi/schema.js';
import { IstioSchema, readIstio } from '../../routers/istio/schema.js';
import { NginxSchema, readNginx } from '../../routers/nginx/schema.js';
import type { RouterSpec } from '../../routers/routers.js';
import { readSmi, SmiSchema } from '../../routers/smi/schema.js';
import { readTemplateRouter, TemplateRouterSchema } from '../../routers/template/schema.js';
import { readTraefik, TraefikSchema } from '../../routers/traefik/schema.js';
import type { Place } from '../../schema/place.js';
import { list, nameText, type Static, shape, whole } from '../../schema/schema.js';
import { show } from '../../schema/show.js';
import type { TrafficRouting } from '../spec.js';

export const DEFAULT_SETTLE_SECONDS = 2;
export const DEFAULT_MAX_WEIGHT = 100;
const ROUTERS = 'istio, nginx, smi, gatewayAPI, traefik and template';

export const settleSecondsField = whole({
  maximum: 3600,
  description: 'Seconds for a change of routes or selectors to reach every proxy.',
  default: 2,
});

export const TrafficRoutingSchema = shape(
  {
    istio: Type.Optional(IstioSchema),
    nginx: Type.Optional(NginxSchema),
    smi: Type.Optional(SmiSchema),
    gatewayAPI: Type.Optional(GatewayApiSchema),
    traefik: Type.Optional(TraefikSchema),
    template: Type.Optional(
      list(TemplateRouterSchema, {
        minItems: 1,
        maxItems: 10,
        description: 'Other objects that split traffic, as templates.',
      }),
    ),
    managedRoutes: Type.Optional(
      list(
        shape(
          { name: nameText({ description: 'Name of the route.' }) },
          { description: 'A route that steps may set.' },
        ),
        {
          maxItems: 20,
          key: 'name',
          description: 'Header and mirror routes that steps may set; the first match wins.',
        },
      ),
    ),
    maxTrafficWeight: Type.Optional(
      whole({ minimum: 1, maximum: 100_000, description: 'Weight that means all traffic.', default: 100 }),
    ),
    settleSeconds: Type.Optional(settleSecondsField),
  },
  {
    description: 'Splits requests instead of pods, by one or more routers that must all agree.',
    rules: [
      {
        rule: 'has(self.istio) || has(self.nginx) || has(self.smi) || has(self.gatewayAPI) || has(self.traefik) || has(self.template)',
        message: `at least one of ${ROUTERS} is required`,
      },
    ],
  },
);

type Raw = Static<typeof TrafficRoutingSchema>;

export interface RoutingContext {
  readonly name: string;
  readonly rootService: string;
}

export function readTrafficRouting(raw: Raw, context: RoutingContext, place: Place): TrafficRouting {
  const routers = readRouters(raw, context, place);
  if (routers.length === 0) place.refuse('no router is set', `set at least one of ${ROUTERS}`);
  return {
    routers,
    managedRoutes: readManagedRoutes(raw.managedRoutes ?? [], place.at('managedRoutes')),
    maxTrafficWeight: raw.maxTrafficWeight ?? DEFAULT_MAX_WEIGHT,
    settleSeconds: raw.settleSeconds ?? DEFAULT_SETTLE_SECONDS,
  };
}

/** Routers in a fixed order, whatever order the user wrote them in. */
function readRouters(raw: Raw, { name, rootService }: RoutingContext, place: Place): readonly RouterSpec[] {
  const { istio, nginx, smi, gatewayAPI, traefik, template = [] } = raw;
  const routers: RouterSpec[] = [];
  if (istio !== undefined) routers.push({ router: 'istio', config: readIstio(istio, name, place.at('istio')) });
  if (nginx !== undefined) routers.push({ router: 'nginx', config: readNginx(nginx, place.at('nginx')) });
  if (smi !== undefined) routers.push({ router: 'smi', config: readSmi(smi, name, rootService) });
  if (gatewayAPI !== undefined) {
    routers.push({ router: 'gatewayAPI', config: readGatewayApi(gatewayAPI, name, place.at('gatewayAPI')) });
  }
  if (traefik !== undefined) routers.push({ router: 'traefik', config: readTraefik(traefik, name) });
  template.forEach((entry, index) => {
    routers.push({ router: 'template', config: readTemplateRouter(entry, place.at('template', index)) });
  });
  return routers;
}

function readManagedRoutes(raw: readonly { readonly name: string }[], place: Place): readonly string[] {
  const seen = new Set<string>();
  raw.forEach(({ name }, index) => {
    if (seen.has(name)) place.at(index, 'name').refuse(`${show(name)} is listed twice`, 'list each route once');
    seen.add(name);
  });
  return [...seen];
}
