import { observeChild, together } from '../observedTraffic.js';
import type { ObservedTraffic, ObserverContext } from '../router.js';
import { identityOf } from './desired.js';
import { readWeights } from './readWeights.js';
import type { TemplateConfig } from './schema.js';

export function templateObserved(config: TemplateConfig, context: ObserverContext): ObservedTraffic {
  const { stableService, canaryService } = context;
  // Whatever weights and revisions the object carries: they are what is read.
  const values = {
    stableService,
    canaryService,
    stableRevision: '',
    canaryRevision: '',
    stableWeight: 0,
    canaryWeight: 0,
  };
  const route = observeChild(context, identityOf(config, context.parent), (object, name) => {
    const read = readWeights(config, object, values);
    return read.ok ? { weights: read.weights.map(Math.ceil) } : { weights: [], refused: `${name}: ${read.reason}` };
  });
  const traffic = together([route]);
  // Where no weight is found nothing is known of it, so nothing is agreed.
  return traffic.state === 'present' && traffic.refused !== undefined ? { ...traffic, agreed: false } : traffic;
}
