import { describe, expect, it } from 'vitest';
import type { Fields } from '../schema/json.js';
import { canaryShare, divide, pairIn, pairOf, serviceSide, weightProblems } from './weights.js';

const services = { stableService: 'stable', canaryService: 'canary' };
const sideOf = ({ name }: Fields) => serviceSide(name, services);
const form = { sideOf, implied: 1, asCanary: (stable: Fields): Fields => ({ ...stable, name: 'canary' }) };
const named = (name: string, weight?: unknown): Fields => ({ name, ...(weight !== undefined && { weight }) });
const divided = (destinations: readonly Fields[], weight: number, maxWeight = 100) =>
  divide(destinations, { weight, maxWeight }, form).map(each => `${each['name']} ${each['weight']}`);

it('a target is a pair that adds up to maxWeight', () => {
  expect(pairOf({ weight: 30, maxWeight: 100 })).toEqual({ stable: 70, canary: 30 });
});

it('a Service is one of ours, or another', () => {
  expect(['stable', 'canary', 'legacy', undefined].map(name => serviceSide(name, services))).toEqual([
    'stable',
    'canary',
    'other',
    'other',
  ]);
});

describe('pairIn', () => {
  it('sums each side, and counts what has no weight as implied', () => {
    const destinations = [named('stable', 10), named('canary', 5), named('canary'), named('other', 50)];
    expect(pairIn(destinations, sideOf, 2)).toEqual({ stable: 10, canary: 7 });
    expect(pairIn(destinations, sideOf, 0)).toEqual({ stable: 10, canary: 5 });
  });

  it('reads weights as it is told', () => {
    expect(pairIn([named('canary', 'x')], sideOf, 1, () => 9)).toEqual({ stable: 0, canary: 9 });
  });
});

it.each([
  [{ stable: 80, canary: 20 }, 100, 20],
  // No double holds these products exactly.
  [{ stable: 2_147_483_647 - 51_786_696, canary: 51_786_696 }, 2_147_483_647, 51_786_696],
  [{ stable: 1_073_741_820 - 231_022_436, canary: 231_022_436 }, 2_147_483_640, 462_044_872],
  [{ stable: 2, canary: 1 }, 100, 34],
  [{ stable: 2, canary: 1 }, 1000, 334],
  [{ stable: 0, canary: 1 }, 100, 100],
  [{ stable: 1, canary: 0 }, 100, 0],
  [{ stable: 0, canary: 0 }, 100, 0],
])('%j of %i is %i', (pair, maxWeight, share) => {
  expect(canaryShare(pair, maxWeight)).toBe(share);
});

describe('divide', () => {
  it('leaves a list without ours alone', () => {
    const others = [named('a', 1), named('b')];
    expect(divide(others, { weight: 20, maxWeight: 100 }, form)).toBe(others);
  });

  it('gives the canary what stable loses, whichever is written', () => {
    expect(divided([named('stable')], 20)).toEqual(['stable 80', 'canary 20']);
    expect(divided([named('canary', 3), named('stable', 7)], 20)).toEqual(['stable 80', 'canary 20']);
    expect(divided([named('stable')], 0)).toEqual(['stable 100', 'canary 0']);
    expect(divided([named('stable')], 3, 1000)).toEqual(['stable 997', 'canary 3']);
  });

  it('keeps the share and the place of others, in the smallest whole numbers', () => {
    expect(divided([named('a', 10), named('stable', 90)], 20)).toEqual(['a 5', 'stable 36', 'canary 9']);
    expect(divided([named('stable', 60), named('a', 10), named('canary', 30)], 50)).toEqual([
      'stable 9',
      'canary 9',
      'a 2',
    ]);
    expect(divided([named('stable', 1), named('a', 1)], 33)).toEqual(['stable 67', 'canary 33', 'a 100']);
  });

  it('counts what has no weight as implied, and cuts fractions off', () => {
    expect(divided([named('stable'), named('a')], 50)).toEqual(['stable 1', 'canary 1', 'a 2']);
    expect(divided([named('stable', 1.9), named('a', 1.2)], 50)).toEqual(['stable 1', 'canary 1', 'a 2']);
  });

  it('keeps everything else that a destination says', () => {
    const [stable, canary] = divide([{ name: 'stable', port: 80 }], { weight: 1, maxWeight: 2 }, form);
    expect(stable).toEqual({ name: 'stable', port: 80, weight: 1 });
    expect(canary).toEqual({ name: 'canary', port: 80, weight: 1 });
  });
});

it('weights that are not whole numbers are problems', () => {
  const weights = [named('a'), named('b', 3), named('c', '4'), named('d', 1.5), named('e', 'x'), named('f', -1)];
  expect(weightProblems(weights, 'spec.route')).toEqual([
    {
      path: 'spec.route[3].weight',
      problem: '1.5 is not a whole number',
      remedy: 'write a whole number, or remove weight',
    },
    expect.objectContaining({ path: 'spec.route[4].weight', problem: '"x" is not a whole number' }),
    expect.objectContaining({ path: 'spec.route[5].weight', problem: '-1 is not a whole number' }),
  ]);
});
