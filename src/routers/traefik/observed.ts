import { type Fields, fields, objects } from '../../schema/json.js';
import { observeChild, together } from '../observedTraffic.js';
import type { ObservedTraffic, ObserverContext } from '../router.js';
import { canaryShare, pairIn, serviceSide } from '../weights.js';
import { traefikServices } from './desired.js';
import type { TraefikConfig } from './schema.js';

export function traefikObserved(config: TraefikConfig, context: ObserverContext): ObservedTraffic {
  const names = traefikServices(config);
  const side = ({ name }: Fields) => (name === names.canary.name ? 'canary' : serviceSide(name, context));
  const outer = observeChild(context, names.outer, object => {
    const { services } = fields(fields(object['spec'])['weighted']);
    return { weights: [canaryShare(pairIn(objects(services), side, 1), context.maxWeight)] };
  });
  return together([outer, observeChild(context, names.canary, () => ({ weights: [] }))]);
}
