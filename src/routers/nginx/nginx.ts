import { defineRouter } from '../router.js';
import { INGRESS_API, nginxDesired } from './desired.js';
import { nginxObserved } from './observed.js';
import { nginxRefusals } from './problems.js';
import { NginxSchema, readNginx } from './schema.js';

export const nginx = defineRouter({
  name: 'nginx',
  schema: NginxSchema,
  read: readNginx,
  lacks: ['mirrorRoute'],
  kinds: () => [`Ingress.${INGRESS_API}`],
  related: ({ stableIngresses }, { parent }) => [
    { apiVersion: INGRESS_API, resource: 'ingresses', namespace: parent.namespace, names: stableIngresses },
  ],
  desired: nginxDesired,
  observed: nginxObserved,
  refusals: nginxRefusals,
});
