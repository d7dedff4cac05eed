import { defineRouter } from '../router.js';
import { gatewayDesired } from './desired.js';
import { gatewayObserved } from './observed.js';
import { gatewayProblems, gatewayRefusals } from './problems.js';
import { GATEWAY_API, GatewayApiSchema, readGatewayApi, routesOf } from './schema.js';

export const gatewayAPI = defineRouter({
  name: 'gatewayAPI',
  component: 'gateway-api',
  schema: GatewayApiSchema,
  // Of backendRefs[].weight in the Gateway API.
  maxWeight: 1_000_000,
  read: readGatewayApi,
  kinds: config => routesOf(config).map(({ kind }) => `${kind.kind}.${GATEWAY_API}`),
  desired: gatewayDesired,
  observed: gatewayObserved,
  problems: gatewayProblems,
  refusals: gatewayRefusals,
});
