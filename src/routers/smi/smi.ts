import { defineRouter } from '../router.js';
import { smiDesired } from './desired.js';
import { smiObserved } from './observed.js';
import { readSmi, SmiSchema } from './schema.js';

export const smi = defineRouter({
  name: 'smi',
  schema: SmiSchema,
  read: readSmi,
  lacks: ['headerRoute', 'mirrorRoute'],
  kinds: ({ apiVersion }) => [`TrafficSplit.${apiVersion}`],
  desired: smiDesired,
  observed: smiObserved,
});
