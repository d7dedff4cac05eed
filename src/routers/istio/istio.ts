import { defineRouter } from '../router.js';
import { istioDesired } from './desired.js';
import { splittingOf } from './hosts.js';
import { istioObserved } from './observed.js';
import { istioProblems, istioRefusals } from './problems.js';
import { ISTIO_API, IstioSchema, readIstio } from './schema.js';

export const istio = defineRouter({
  name: 'istio',
  schema: IstioSchema,
  read: readIstio,
  kinds: ({ destinationRule }) => [
    `VirtualService.${ISTIO_API}`,
    ...(destinationRule ? [`DestinationRule.${ISTIO_API}`] : []),
  ],
  rootService: config => (splittingOf(config) === 'Subset' ? 'allPods' : 'stable'),
  desired: istioDesired,
  observed: istioObserved,
  problems: istioProblems,
  refusals: istioRefusals,
});
