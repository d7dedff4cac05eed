import type { JsonObject } from '../schema/json.js';
import { gatewayApi } from './gatewayApi/gatewayApi.js';
import { istio } from './istio/istio.js';
import { nginx } from './nginx/nginx.js';
import type { Router } from './router.js';
import { smi } from './smi/smi.js';
import { template } from './template/template.js';
import { traefik } from './traefik/traefik.js';

/** One traffic router as the user configured it; `config` is the router's own part of the schema. */
export interface RouterSpec {
  readonly router: 'istio' | 'nginx' | 'smi' | 'gatewayAPI' | 'traefik' | 'template';
  readonly config: JsonObject;
}

const ROUTERS = { istio, nginx, smi, gatewayAPI: gatewayApi, traefik, template } as const;

/** The dialect of a router of a spec. Its configuration has passed that router's schema, which is the type it takes. */
export function routerFor({ router }: RouterSpec): Router<JsonObject> {
  return ROUTERS[router] as unknown as Router<JsonObject>;
}
