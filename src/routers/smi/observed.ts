import { fields, objects } from '../../schema/json.js';
import { weightOf } from '../../schema/weight.js';
import { observeChild, together } from '../observedTraffic.js';
import type { ObservedTraffic, ObserverContext } from '../router.js';
import { canaryShare, pairIn, serviceSide } from '../weights.js';
import { splitName } from './desired.js';
import type { SmiConfig } from './schema.js';

export function smiObserved(config: SmiConfig, context: ObserverContext): ObservedTraffic {
  const split = observeChild(context, splitName(config), object => {
    const backends = objects(fields(object['spec'])['backends']);
    return {
      weights: [
        canaryShare(
          pairIn(backends, ({ service }) => serviceSide(service, context), 0, quantityOf),
          context.maxWeight,
        ),
      ],
    };
  });
  return together([split]);
}

/** `500m` is half of `1`. */
function quantityOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !value.endsWith('m')) return weightOf(value);
  const thousandths = weightOf(value.slice(0, -1));
  return thousandths === undefined ? undefined : thousandths / 1000;
}
