import { toService } from '../plan.js';
import { serviceOf } from '../view.js';
import type { Dialect } from './dialect.js';

/** No route at all: any ready pod of the Service, each as likely as the next, as kube-proxy does it. */
export const plainService: Dialect = {
  name: 'Service',
  kinds: [],
  plan: (request, view) => {
    const service = serviceOf(request.host, request.namespace, view);
    if (service === undefined) return undefined;
    return { shares: [{ share: 1, target: toService(service.namespace, service.name) }], mirrors: [] };
  },
};
