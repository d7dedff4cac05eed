import { describe, expect, it } from 'vitest';
import { HEADER, ON_CANARY, state } from '../../../../test/traffic/moves.js';
import {
  canarySelects,
  changesTraffic,
  forService,
  forWeight,
  isCarried,
  sameRoutes,
  settling,
  stableSelects,
  stay,
  type TrafficMove,
} from './transition.js';

const { routes } = state(ON_CANARY);
const HERE = stay(state(ON_CANARY), []);

it('a move that stays changes nothing', () => {
  expect(HERE).toEqual({ stable: 'as observed', canary: 'as observed', weight: 50, towards: 50, managed: [] });
});

describe('a move changes traffic', () => {
  it.each<[string, Partial<TrafficMove>, boolean]>([
    ['not if it stays', {}, false],
    ['by a lower weight', { weight: 49 }, true],
    ['by a higher weight', { weight: 51 }, true],
    ['not by what it moves towards', { towards: 100 }, false],
    ['by a header route', { managed: [HEADER] }, true],
    ['by another stable selection', { stable: 'C' }, true],
    ['not by the stable selection that is there', { stable: 'S' }, false],
    ['by another canary selection', { canary: 'S' }, true],
    ['not by the canary selection that is there', { canary: 'C' }, false],
  ])('%s', (_, move, changes) => {
    expect(changesTraffic({ ...HERE, ...move }, routes)).toBe(changes);
  });

  it('if one of several stable destinations has another selection', () => {
    expect(changesTraffic({ ...HERE, stable: 'S' }, { ...routes, stable: ['S', 'C'] })).toBe(true);
  });
});

it('traffic is carried by a weight or by header and mirror routes', () => {
  const carried = ([weight, ...managed]: readonly [number, ...string[]]) => isCarried({ ...routes, weight, managed });
  expect([carried([0]), carried([1]), carried([0, 'testers']), carried([1, 'testers'])]).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

it('header and mirror routes are the same if all names are', () => {
  const shadow = { ...HEADER, name: 'shadow' };
  const same = (managed: readonly (typeof HEADER)[], ...observed: readonly string[]) =>
    sameRoutes(managed, { ...routes, managed: observed });
  expect([same([]), same([HEADER, shadow], 'shadow', 'testers')]).toEqual([true, true]);
  expect([same([], 'testers'), same([HEADER]), same([HEADER], 'shadow'), same([HEADER, shadow], 'testers')]).toEqual(
    Array(4).fill(false),
  );
});

it('a revision is selected by all destinations, or by any', () => {
  const selected = (...stable: readonly (string | undefined)[]) =>
    (['all', 'any'] as const).map(how => stableSelects({ ...routes, stable }, 'S', how));
  expect([selected('S', 'S'), selected('S', 'C'), selected(undefined, 'S'), selected('C', '*')]).toEqual([
    [true, true],
    [false, true],
    [false, true],
    [false, false],
  ]);
  expect([['C', 'C'], ['C', 'S'], [undefined]].map(canary => canarySelects({ ...routes, canary }, 'C'))).toEqual([
    true,
    false,
    false,
  ]);
});

describe('a wait', () => {
  it('for the weight has the observed one, unless the routes differ', () => {
    expect(forWeight(routes, 75)).toEqual({ reason: 'WaitingForRoute', observed: 50, wanted: 75 });
    expect(forWeight({ ...routes, agreed: false }, 75)).toEqual({ reason: 'WaitingForRoute', wanted: 75 });
  });

  it('for the weight names missing objects', () => {
    expect(forWeight({ ...routes, agreed: false, missing: ['Ingress web'] }, 0)).toEqual({
      reason: 'WaitingForRoute',
      wanted: 0,
      missing: ['Ingress web'],
    });
    expect(forWeight(routes, 75)).not.toHaveProperty('missing');
  });

  it('for a Service names it and the revision', () => {
    const at = state(ON_CANARY);
    expect(forService('stable', at, at.updated)).toEqual({
      reason: 'WaitingForService',
      service: 'stable',
      revision: 'C',
    });
    expect(forService('canary', at, at.stable)).toMatchObject({ service: 'canary', revision: 'S' });
  });

  it('for the route to settle leaves the move as it is', () => {
    const wait = { reason: 'WaitingForRouteToSettle', until: 1000 };
    expect(settling(state(ON_CANARY), HERE)).toEqual({ ...HERE, wait });
  });
});
