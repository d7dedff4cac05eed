import { defineRouter } from '../router.js';
import { TRAEFIK_API, TRAEFIK_SERVICE, traefikDesired } from './desired.js';
import { traefikObserved } from './observed.js';
import { readTraefik, TraefikSchema } from './schema.js';

export const traefik = defineRouter({
  name: 'traefik',
  schema: TraefikSchema,
  read: readTraefik,
  lacks: ['headerRoute', 'mirrorRoute'],
  kinds: () => [`${TRAEFIK_SERVICE}.${TRAEFIK_API}`],
  desired: traefikDesired,
  observed: traefikObserved,
});
