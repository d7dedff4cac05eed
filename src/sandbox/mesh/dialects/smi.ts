import { asText, fields, objects } from '../../../schema/json.js';
import { weightOf } from '../../../schema/weight.js';
import { answer, divided, toService } from '../plan.js';
import { fullName, serviceOf } from '../view.js';
import type { Dialect } from './dialect.js';

const KINDS = [1, 2, 3, 4].map(version => `TrafficSplit.split.smi-spec.io/v1alpha${version}`);

/** TrafficSplit: what clients inside of the mesh send to its root Service is divided among the backends. */
export const smiDialect: Dialect = {
  name: 'SMI',
  kinds: KINDS,
  plan: (request, view) => {
    const service = serviceOf(request.host, request.namespace, view);
    if (service === undefined) return undefined;
    const { namespace } = service;
    const names = [service.name, fullName(service), `${service.name}.${namespace}`];
    const split = KINDS.flatMap(kind => view.objects(kind)).find(
      ({ metadata, spec }) => metadata.namespace === namespace && names.includes(asText(fields(spec)['service']) ?? ''),
    );
    if (split === undefined) return undefined;
    const backends = objects(fields(split['spec'])['backends']).map(backend => ({
      weight: quantity(backend['weight']),
      target: toService(namespace, asText(backend['service']) ?? ''),
    }));
    return divided(backends, answer(503, 'no backend of the TrafficSplit has a weight'));
  },
};

/** v1alpha1 writes quantities: `500m` is half of `1`. */
function quantity(weight: unknown): number {
  if (typeof weight === 'string' && weight.endsWith('m')) return (weightOf(weight.slice(0, -1)) ?? 0) / 1000;
  return weightOf(weight) ?? 0;
}
