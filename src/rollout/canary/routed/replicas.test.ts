import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Step } from '../../../api/spec.js';
import { atLeast, canaryPodsAt, managedRoutesAt, podsForWeight, podsToCarry, weightForPods } from './replicas.js';
import type { Scale } from './routedContext.js';

const TEN: Scale = { r: 10, maxWeight: 100, minPods: 1 };
const header = (name: string, on = true): Step => ({
  action: 'setHeaderRoute',
  name,
  match: on ? [{ headerName: 'x', headerValue: { exact: 'y' } }] : [],
});
const weight = (weight: number): Step => ({ action: 'setWeight', weight });
const scaled = (replicas: number): Step => ({ action: 'setCanaryScale', scale: { by: 'replicas', replicas } });

it.each([
  [0, 0],
  [1, 1],
  [10, 1],
  [25, 3],
  [50, 5],
  [75, 8],
  [100, 10],
])('weight %d on 10 replicas: %d pods', (weight, pods) => {
  expect(podsForWeight(weight, TEN)).toBe(pods);
});

it('pods carry a weight that needs no more than them, and the next one needs more', () => {
  const scales = fc.record({
    r: fc.integer({ min: 1, max: 60 }),
    maxWeight: fc.constantFrom(100, 1000, 7),
    minPods: fc.constant(1),
  });
  fc.assert(
    fc.property(scales, fc.nat(60), (scale, pods) => {
      const most = weightForPods(pods, scale);
      expect(podsForWeight(most, scale)).toBeLessThanOrEqual(pods);
      if (most < scale.maxWeight) expect(podsForWeight(most + 1, scale)).toBeGreaterThan(pods);
    }),
  );
  expect(weightForPods(0, { ...TEN, r: 0 })).toBe(100);
});

describe('the least number of pods', () => {
  it.each([
    [0, 0],
    [1, 3],
    [5, 5],
    [12, 10],
  ])('%d pods wanted: %d', (pods, made) => {
    expect(atLeast(pods, { ...TEN, minPods: 3 })).toBe(made);
  });

  it('is never more than there shall be in all', () => expect(atLeast(1, { ...TEN, r: 2, minPods: 3 })).toBe(2));
});

describe('pods at a step', () => {
  it.each<[string, readonly Step[], number, number, number]>([
    ['before any weight', [{ action: 'pause', seconds: null }], 0, 0, 0],
    ['of the weight', [weight(25)], 0, 25, 3],
    ['after the last step', [weight(25)], 1, 100, 10],
    ['explicit', [scaled(2), weight(50)], 1, 50, 2],
    ['explicit and more than there are', [scaled(20)], 0, 0, 10],
    ['explicit by weight', [{ action: 'setCanaryScale', scale: { by: 'weight', weight: 31 } }], 0, 0, 4],
    ['explicit none, but a weight', [scaled(0), weight(50)], 1, 50, 1],
    ['explicit none, but a header route', [scaled(0), header('h')], 1, 0, 1],
    ['a header route before any weight', [header('h')], 0, 0, 1],
    ['a header route that is taken away', [header('h'), header('h', false)], 1, 0, 0],
    ['the weight again', [scaled(9), { action: 'setCanaryScale', scale: { by: 'traffic' } }, weight(20)], 2, 20, 2],
  ])('%s', (_, steps, i, at, pods) => {
    expect(canaryPodsAt(steps, i, at, TEN)).toBe(pods);
  });
});

describe('pods without which a weight must not be carried', () => {
  it.each<[string, readonly Step[], number, number, number]>([
    ['those of the weight', [weight(50)], 0, 50, 5],
    ['fewer, if the scale says so', [scaled(2), weight(50)], 1, 50, 2],
    ['one at least', [scaled(0), weight(50)], 1, 50, 1],
    ['not more than the weight needs', [scaled(8), weight(20)], 1, 20, 2],
    ['all once the steps are done, whatever the scale was', [scaled(2)], 1, 100, 10],
  ])('%s', (_, steps, i, at, pods) => {
    expect(podsToCarry(steps, i, at, TEN)).toBe(pods);
  });
});

it('header and mirror routes are those that the steps so far have set and not taken away', () => {
  const steps = [header('a'), header('b'), weight(20), header('a', false), header('c')];
  const names = (i: number) => managedRoutesAt(steps, i).map(({ name }) => name);
  expect([0, 1, 2, 3, 4, 5].map(names)).toEqual([['a'], ['a', 'b'], ['a', 'b'], ['b'], ['b', 'c'], []]);
});
