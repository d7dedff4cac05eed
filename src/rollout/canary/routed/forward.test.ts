import { describe, expect, it } from 'vitest';
import {
  type Case,
  changes,
  DONE,
  expectMove,
  goal,
  HEADER,
  ON_CANARY,
  state,
  WAIT,
} from '../../../../test/traffic/moves.js';
import { moveForward } from './forward.js';

/** Each row as it is entered, and as it finds what it has changed. */
const FORWARD: readonly Case[] = [
  {
    row: '4: the canary destination still has weight for another revision',
    state: state({ canary: ['B'], weight: 50 }),
    changes: { weight: 0 },
    waits: 'WaitingForRoute',
  },
  {
    row: '4: a header route leads to another revision',
    state: state({ canary: ['B'], managed: ['testers'] }),
    goal: goal({ managed: [HEADER] }),
    changes: { managed: [] },
  },
  { row: '4: as little weight as there can be', state: state({ canary: ['B'], weight: 1 }), changes: { weight: 0 } },
  {
    row: '4: as far as S can carry it',
    state: state({ canary: ['B'], weight: 50 }, { stable: { hash: 'S', available: 3 }, lowest: 25 }),
    changes: { weight: 25 },
  },
  {
    row: '4 applied, not in effect yet',
    state: state({ canary: ['B'] }, { inEffect: false }),
    changes: {},
    waits: 'WaitingForRouteToSettle',
  },
  { row: '4 applied: 5', state: state({ canary: ['B'] }), changes: { canary: 'C' }, waits: 'WaitingForService' },
  { row: '5: one of several canary destinations', state: state({ canary: ['C', 'S'] }), changes: { canary: 'C' } },
  { row: '5: it does not exist yet', state: state({ canary: [undefined] }), changes: { canary: 'C' } },
  {
    row: '5 applied, not in effect yet',
    state: state({ canary: ['C'] }, { inEffect: false }),
    changes: {},
    waits: 'WaitingForRouteToSettle',
  },
  { row: '5 applied: 8', state: state({ canary: ['C'] }), changes: { weight: 50 }, waits: 'WaitingForRoute' },
  { row: '6', state: state({ canary: ['C'], weight: 75 }), changes: { weight: 50 }, waits: 'WaitingForRoute' },
  {
    row: '6 does not wait to settle, nor for pods of C',
    state: state({ canary: ['C'], weight: 75 }, { inEffect: false }),
    goal: goal({ blocked: WAIT }),
    changes: { weight: 50 },
  },
  {
    row: '6 as far as S can carry it',
    state: state({ canary: ['C'], weight: 100 }, { stable: { hash: 'S', available: 1 }, lowest: 75 }),
    changes: { weight: 75 },
  },
  {
    row: '7',
    state: state(ON_CANARY, { updated: { hash: 'C', available: 0 } }),
    goal: goal({ blocked: WAIT }),
    changes: { weight: 0 },
    waits: 'WaitingForPods',
  },
  {
    row: '7: header routes go too',
    state: state({ canary: ['C'], managed: ['testers'] }, { updated: { hash: 'C', available: 0 } }),
    goal: goal({ weight: 0, managed: [HEADER], blocked: WAIT }),
    changes: { managed: [] },
  },
  {
    row: '7 applied: 8 waits for pods of C',
    state: state({ canary: ['C'] }, { updated: { hash: 'C', available: 0 } }),
    goal: goal({ blocked: WAIT }),
    changes: {},
    waits: 'WaitingForPods',
  },
  {
    row: '7 does not hold while one pod of C is left',
    state: state(ON_CANARY, { updated: { hash: 'C', available: 1 } }),
    goal: goal({ blocked: WAIT }),
    changes: {},
  },
  {
    row: '7 does not hold when nobody shall have any pods',
    state: state(ON_CANARY, { r: 0, updated: { hash: 'C', available: 0 }, stable: { hash: 'S', available: 0 } }),
    changes: {},
  },
  {
    row: '8: the routes differ from each other',
    state: state({ canary: ['C'], weight: 50, agreed: false }),
    changes: {},
    waits: 'WaitingForRoute',
  },
  {
    row: '8: a route is missing, and the canary destination selects C only since now',
    state: state({ canary: ['C'], weight: 0, agreed: false }, { inEffect: false }),
    changes: {},
    waits: 'WaitingForRouteToSettle',
  },
  {
    row: '8: a header route is set',
    state: state(ON_CANARY),
    goal: goal({ managed: [HEADER] }),
    changes: { managed: ['testers'] },
  },
  {
    row: '8: a header route is taken away',
    state: state({ ...ON_CANARY, managed: ['testers'] }),
    changes: { managed: [] },
  },
  { row: '8 applied, not in effect yet', state: state(ON_CANARY, { inEffect: false }), changes: {} },
  { row: '8 applied: the step decides', state: state(ON_CANARY), changes: {} },
  {
    row: '8 to all of it once the steps are done',
    state: state(ON_CANARY),
    goal: DONE,
    changes: { weight: 100 },
    waits: 'WaitingForRoute',
  },
  {
    row: '9 waits until all of it is in effect',
    state: state({ canary: ['C'], weight: 100 }, { inEffect: false }),
    goal: DONE,
    changes: {},
    waits: 'WaitingForRouteToSettle',
  },
  {
    row: '9 waits for the pods of C',
    state: state({ canary: ['C'], weight: 100 }),
    goal: { ...DONE, blocked: WAIT },
    changes: {},
    waits: 'WaitingForPods',
  },
  {
    row: '9',
    state: state({ canary: ['C'], weight: 100 }),
    goal: DONE,
    changes: { stable: 'C' },
    waits: 'WaitingForService',
  },
  {
    row: '9 applied to one of several stable destinations',
    state: state({ stable: ['C', 'S'], canary: ['C'], weight: 100 }),
    goal: DONE,
    changes: { stable: 'C' },
  },
  {
    row: '9 applied, not in effect yet',
    state: state({ stable: ['C', 'C'], canary: ['C'], weight: 100 }, { inEffect: false }),
    goal: DONE,
    changes: {},
    waits: 'WaitingForRouteToSettle',
  },
  {
    row: '2',
    state: state({ stable: ['C', 'C'], canary: ['C'], weight: 100 }),
    goal: DONE,
    changes: { weight: 0 },
    waits: 'WaitingForRoute',
  },
  {
    row: '2: header routes go too',
    state: state({ stable: ['C', 'C'], canary: ['C'], weight: 100, managed: ['testers'] }),
    goal: { ...DONE, managed: [HEADER] },
    changes: { weight: 0, managed: [] },
  },
  {
    row: '2: nothing but a header route is left',
    state: state({ stable: ['C', 'C'], canary: ['C'], managed: ['testers'] }),
    goal: { ...DONE, managed: [HEADER] },
    changes: { managed: [] },
  },
  {
    row: '2 applied, not in effect yet',
    state: state({ stable: ['C', 'C'], canary: ['C'] }, { inEffect: false }),
    goal: DONE,
    changes: {},
    waits: 'WaitingForRouteToSettle',
  },
  { row: '3', state: state({ stable: ['C', 'C'], canary: ['C'] }), goal: DONE, changes: { done: true } },
  {
    row: '1: stable selects C from an earlier life',
    state: state({ stable: ['C', 'S'], canary: ['C'], weight: 100 }),
    changes: { stable: 'S', weight: 0 },
    waits: 'WaitingForService',
  },
  {
    row: '1: stable selects another revision, which was about to be promoted',
    state: state({ stable: ['B', 'B'], canary: ['B'], weight: 100 }),
    goal: DONE,
    changes: { stable: 'S', weight: 0 },
  },
  {
    row: '1: the root Service selects all pods',
    state: state({ stable: ['S', '*'] }),
    changes: { stable: 'S' },
  },
  {
    row: '1: S comes first',
    state: state(
      { stable: ['B', 'B'], canary: ['B'], weight: 100 },
      { stable: { hash: 'S', available: 2 }, lowest: 50 },
    ),
    changes: {},
    waits: 'WaitingForRoute',
  },
];

describe('going forward, row', () => {
  it.each(FORWARD)('$row', each => {
    expectMove(moveForward(each.state, each.goal ?? goal()), each);
  });
});

it('says where the weight is going when pods hold it back, so that they can come', () => {
  const few = { stable: { hash: 'S', available: 2 }, lowest: 50 };
  const third = state({ canary: ['B'], weight: 50 }, few);
  expect(moveForward(third, goal())).toMatchObject({ weight: 50, towards: 0 });
  const dead = state(ON_CANARY, { ...few, updated: { hash: 'C', available: 0 } });
  expect(moveForward(dead, goal({ blocked: WAIT }))).toMatchObject({ weight: 50, towards: 0 });
  expect(moveForward(state({ canary: ['C'] }), goal())).toMatchObject({ weight: 50, towards: 50 });
  expect(moveForward(state(ON_CANARY), goal({ weight: 75, blocked: WAIT }))).toMatchObject({ weight: 50, towards: 50 });
  const served = state({ stable: ['C', 'C'], canary: ['C'], weight: 100 });
  expect(moveForward(served, DONE)).toMatchObject({ towards: 0, wait: { observed: 100, wanted: 0 } });
});

/** Every change of a row takes effect at one kind of object, but for going back, where each half only helps. */
it.each(FORWARD)('one thing at a time: $row', each => {
  const { weight, managed, done, ...selections } = changes(each.state, moveForward(each.state, each.goal ?? goal()));
  if (each.row.startsWith('1: ')) return;
  const touched = [...Object.keys(selections), ...(weight !== undefined || managed !== undefined ? ['route'] : [])];
  expect(touched.length).toBeLessThanOrEqual(1);
  expect(done === undefined || touched.length === 0).toBe(true);
});
