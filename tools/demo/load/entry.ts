/** The host that clients of a StormService call. */

import type { Spec } from '../../../src/api/spec.js';
import type { RouterSpec } from '../../../src/routers/routers.js';
import { asText, fields, items, type JsonObject, objects } from '../../../src/schema/json.js';

/**
 * The host that requests are sent to: that of the root Service, or the first host of a route. Undefined if clients enter
 * through an object of the user (an Ingress, an IngressRoute), or if there is no Service.
 */
export function entryOf({ strategy, service }: Spec, namespace: string): string | undefined {
  if (service === undefined) return undefined;
  const root = `${service.name}.${namespace}`;
  const [router] = strategy.type === 'Canary' ? (strategy.trafficRouting?.routers ?? []) : [];
  return router === undefined ? root : entryOfRouter(router, root, namespace);
}

function entryOfRouter({ router, config }: RouterSpec, root: string, namespace: string): string | undefined {
  switch (router) {
    case 'gatewayAPI':
      return entryOfHttpRoute(config.httpRoute, namespace);
    case 'istio': {
      const { spec, hosts } = config.virtualService;
      return firstHost(spec?.['hosts'] ?? hosts, namespace) ?? root;
    }
    case 'smi':
      return firstHost([config.rootService], namespace) ?? root;
    default:
      return undefined;
  }
}

function entryOfHttpRoute(route: { readonly spec?: JsonObject } = {}, namespace: string): string | undefined {
  const { parentRefs, hostnames } = fields(route.spec ?? route);
  const service = objects(parentRefs).find(({ kind }) => kind === 'Service');
  return firstHost(service === undefined ? hostnames : [service['name']], namespace);
}

/** Short names refer to Services. */
function firstHost(hosts: unknown, namespace: string): string | undefined {
  const first = asText(items(hosts)[0]);
  if (first === undefined || first.startsWith('*')) return undefined;
  return first.includes('.') ? first : `${first}.${namespace}`;
}
