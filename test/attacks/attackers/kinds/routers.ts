/** Templates of routes, at their limits and beyond. */
import type { JsonObject } from '../../../../src/schema/json.js';
import { type Attack, many, specWith } from '../attack.js';
import { BOMBS } from './responses.js';

const WEIGHT = '$(canaryWeight)';
const REFUSED = /InvalidSpec/;

function routed(spec: JsonObject, observedWeight?: string): JsonObject {
  const object = { apiVersion: 'projectcontour.io/v1', kind: 'HTTPProxy', spec };
  return specWith({
    canary: {
      steps: [{ setWeight: 50 }, { pause: { duration: '1s' } }],
      trafficRouting: {
        settleSeconds: 0,
        template: [{ object, ...(observedWeight !== undefined && { observedWeight }) }],
      },
    },
  });
}

const wide = (lists: number): JsonObject =>
  Object.fromEntries(many(lists, list => [`list${list}`, many(900, index => `a${index}`)]));

export const ROUTERS: readonly Attack[] = [
  {
    name: 'a route as large as it may be',
    count: 4,
    spec: () => routed({ weights: many(32, () => WEIGHT), ...wide(5) }, '$..weights[*]'),
    shows: /"phase":"Healthy"/,
  },
  {
    name: 'weights in long strings',
    count: 3,
    spec: () => routed({ weights: many(32, index => `${'x,'.repeat(1900)}${index} ${WEIGHT}`), ...wide(4) }),
    shows: /"phase"/,
  },
  ...BOMBS.slice(0, 4).map(
    (bomb): Attack => ({
      name: `observedWeight ${bomb.slice(0, 24)}`,
      count: 1,
      spec: () => routed({ weight: WEIGHT, ...wide(3) }, bomb),
      shows: REFUSED,
    }),
  ),
  { name: '24 weights in one string', count: 2, spec: () => routed({ text: WEIGHT.repeat(24) }), shows: REFUSED },
];
