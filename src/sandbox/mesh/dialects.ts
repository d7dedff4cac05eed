import { alb } from './dialects/alb.js';
import { apisix } from './dialects/apisix.js';
import { contour } from './dialects/contour.js';
import type { Dialect } from './dialects/dialect.js';
import { gatewayApi } from './dialects/gatewayApi.js';
import { istio } from './dialects/istio.js';
import { nginx } from './dialects/nginx.js';
import { plainService } from './dialects/plainService.js';
import { smi } from './dialects/smi.js';
import { traefik } from './dialects/traefik.js';

/** Every route object that the mesh reads. The first that knows a host decides; a Service alone comes last. */
export const DIALECTS: readonly Dialect[] = [
  istio,
  gatewayApi,
  nginx,
  alb,
  traefik,
  contour,
  apisix,
  smi,
  plainService,
];
