import { describe, expect, it } from 'vitest';
import { type Cluster, HASH, observed } from '../../test/rollouts/observed.js';
import { mustRevert, setupHash } from './setup.js';

const CANARY = { steps: [{ setWeight: 20 }] };
const ROUTED = { ...CANARY, trafficRouting: { smi: {} } };
const setup = (strategy: object, other: Partial<Cluster> = {}) =>
  setupHash(observed({ strategy: { ...strategy }, ...other }));

describe('the setup', () => {
  it.each<[string, boolean, string, string]>([
    ['other steps', true, setup({ canary: CANARY }), setup({ canary: { steps: [] } })],
    ['another surge', true, setup({ canary: CANARY }), setup({ canary: { ...CANARY, maxSurge: 3 } })],
    ['a rolling update instead of a canary by pods', true, setup({ canary: CANARY }), setup({ rollingUpdate: {} })],
    ['a canary by pods instead of one by traffic', false, setup({ canary: CANARY }), setup({ canary: ROUTED })],
    ['blue-green instead of a rolling update', false, setup({ blueGreen: {} }), setup({ rollingUpdate: {} })],
    [
      'another root Service of a canary',
      false,
      setup({ canary: CANARY }),
      setup({ canary: CANARY }, { patch: { service: { name: 'web' } } }),
    ],
    [
      'another root Service of blue-green',
      false,
      setup({ blueGreen: {} }),
      setup({ blueGreen: {} }, { patch: { service: { name: 'web' } } }),
    ],
    [
      'another root Service of a rolling update',
      false,
      setup({ rollingUpdate: {} }),
      setup({ rollingUpdate: {} }, { patch: { service: { name: 'web' } } }),
    ],
    [
      'another router',
      false,
      setup({ canary: ROUTED }),
      setup({ canary: { ...ROUTED, trafficRouting: { istio: {} } } }),
    ],
    [
      'another name of a route',
      false,
      setup({ canary: ROUTED }),
      setup({ canary: { ...ROUTED, trafficRouting: { smi: { trafficSplitName: 'other' } } } }),
    ],
    [
      'another time to settle',
      true,
      setup({ canary: ROUTED }),
      setup({ canary: { ...ROUTED, trafficRouting: { smi: {}, settleSeconds: 9 } } }),
    ],
    [
      'another stable Service',
      false,
      setup({ canary: ROUTED }),
      setup({ canary: { ...ROUTED, stableService: 'other' } }),
    ],
    [
      'another canary Service',
      false,
      setup({ canary: ROUTED }),
      setup({ canary: { ...ROUTED, canaryService: 'other' } }),
    ],
    ['another active Service', false, setup({ blueGreen: {} }), setup({ blueGreen: { activeService: 'other' } })],
    ['another preview Service', false, setup({ blueGreen: {} }), setup({ blueGreen: { previewService: 'other' } })],
    ['another delay', true, setup({ blueGreen: {} }), setup({ blueGreen: { scaleDownDelaySeconds: 7 } })],
  ])('%s: the same is %s', (_, same, one, other) => {
    expect(one === other).toBe(same);
  });
});

describe('a rollout', () => {
  const memory = { setupHash: 'before', updatedRevision: HASH.new };

  it.each<[string, Partial<Cluster>, boolean]>([
    ['returns to stable under another setup', { memory }, true],
    ['goes on under the same', { memory: { ...memory, setupHash: 'now' } }, false],
    ['goes on if the setup before is not known', { memory: { ...memory, setupHash: undefined } }, false],
    ['of another template starts anew', { memory: { ...memory, updatedRevision: HASH.old } }, false],
  ])('%s', (_, cluster, reverts) => {
    expect(mustRevert(observed({ strategy: { canary: CANARY }, ...cluster }), 'now')).toBe(reverts);
  });
});
