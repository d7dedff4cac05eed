import { describe, expect, it } from 'vitest';
import { type Case, expectMove, ON_CANARY, state } from '../../../../test/traffic/moves.js';
import { moveBack } from './back.js';

const BACK: readonly Case[] = [
  { row: 'e: only weight', state: state(ON_CANARY), changes: { weight: 0 }, waits: 'WaitingForRoute' },
  {
    row: 'e: header routes',
    state: state({ canary: ['C'], managed: ['testers'] }),
    changes: { managed: [] },
  },
  {
    row: 'd: between 9 and 3',
    state: state({ stable: ['C', 'S'], canary: ['C'], weight: 100 }),
    changes: { stable: 'S', weight: 0 },
    waits: 'WaitingForService',
  },
  {
    row: 'e: only the Service was applied',
    state: state({ canary: ['C'], weight: 100 }, { inEffect: false }),
    changes: { weight: 0 },
  },
  {
    row: 'd: only the route was applied',
    state: state({ stable: ['C', 'C'], canary: ['C'] }, { inEffect: false }),
    changes: { stable: 'S' },
  },
  { row: 'e: the routes differ', state: state({ canary: ['C'], agreed: false }), changes: {} },
  {
    row: 'e applied, not in effect yet',
    state: state({ canary: ['C'] }, { inEffect: false }),
    changes: {},
    waits: 'WaitingForRouteToSettle',
  },
  {
    row: 'b',
    state: state({ canary: ['C'], weight: 75 }, { stable: { hash: 'S', available: 2 }, lowest: 50 }),
    changes: { weight: 50 },
    waits: 'WaitingForRoute',
  },
  {
    row: 'b: nothing more can go back',
    state: state(ON_CANARY, { stable: { hash: 'S', available: 2 }, lowest: 50 }),
    changes: {},
  },
  {
    row: 'b: the stable destination is with C, whose pods are whole: it stays until S is',
    state: state(
      { stable: ['C', 'C'], canary: ['C'], weight: 100 },
      { stable: { hash: 'S', available: 2 }, lowest: 50 },
    ),
    changes: {},
  },
  {
    row: 'c',
    state: state({ stable: ['S', 'B'], weight: 100 }, { inEffect: false }),
    changes: { stable: 'S' },
    waits: 'WaitingForService',
  },
  {
    row: 'c applied, not in effect yet: a',
    state: state({ weight: 100 }, { inEffect: false }),
    changes: {},
    waits: 'WaitingForRouteToSettle',
  },
  { row: 'c applied: e', state: state({ weight: 100 }), changes: { weight: 0 }, waits: 'WaitingForRoute' },
  { row: 'e applied: f', state: state({ canary: ['C'] }), changes: { canary: 'S' }, waits: 'WaitingForService' },
  { row: 'f applied: g', state: state({}), changes: { done: true } },
];

describe('going back, row', () => {
  it.each(BACK)('$row', each => {
    expectMove(moveBack(each.state), each);
  });
});

it.each([
  ['e', {}, 0],
  ['b', { stable: { hash: 'S', available: 2 }, lowest: 50 }, 50],
])('says that all the weight is going, row %s', (_, other, weight) => {
  expect(moveBack(state(ON_CANARY, other))).toMatchObject({
    weight,
    towards: 0,
    wait: { reason: 'WaitingForRoute', observed: 50, wanted: 0 },
  });
});
