import { albDialect } from './dialects/alb.js';
import { apisixDialect } from './dialects/apisix.js';
import { contourDialect } from './dialects/contour.js';
import type { Dialect } from './dialects/dialect.js';
import { gatewayAPIDialect } from './dialects/gatewayAPI.js';
import { istioDialect } from './dialects/istio.js';
import { nginxDialect } from './dialects/nginx.js';
import { plainService } from './dialects/plainService.js';
import { smiDialect } from './dialects/smi.js';
import { traefikDialect } from './dialects/traefik.js';

/** Every route object that the mesh reads. The first that knows a host decides; a Service alone comes last. */
export const DIALECTS: readonly Dialect[] = [
  istioDialect,
  gatewayAPIDialect,
  nginxDialect,
  albDialect,
  traefikDialect,
  contourDialect,
  apisixDialect,
  smiDialect,
  plainService,
];
