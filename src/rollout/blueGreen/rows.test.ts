import { describe, expect, it } from 'vitest';
import {
  CHECK,
  FEW,
  forAnalysis,
  forPods,
  forService,
  NEW,
  OLD,
  POST,
  PRE,
  type RowGiven,
  rowContext,
  STOP,
  WEAK,
} from '../../../test/rollouts/blueGreenContext.js';
import { ABORT, runOfC, T } from '../../../test/rollouts/context.js';
import { firstMove } from '../rows.js';
import { BLUE_GREEN, type BlueGreenContext, blockingWait, previewCount } from './rows.js';

const GATE = { reason: 'WaitingForApproval', revision: 'C', step: 0 } as const;
const ON_FIRST = { analysis: { onFirstDeployment: true } };
const BAKE = { autoRollback: { enabled: true, bakeSeconds: 60, healthChecks: [CHECK] } };

function rowOf(state: BlueGreenContext): number {
  return 1 + BLUE_GREEN.findIndex(({ move }) => move(state) !== undefined);
}

const settle = { reason: 'WaitingForRouteToSettle', until: T + 2000 };
const ran = (...runs: ReturnType<typeof runOfC>[]) => ({ findings: { analysis: { runs }, notes: [] } });

const HELD = { held: 'annotation' } as const;
const WAITS = { arrival: { step: 0, wait: GATE } };
const BACK = { position: { abort: ABORT } };

/** As first entered, as applied, and with what it needs missing: active, preview, pods of C, wait. */
type Row = [number, string, RowGiven, [string | undefined, string, number, object?], object?];

const ROWS: readonly Row[] = [
  [1, 'Services are created', { stable: null, services: {} }, ['C', 'C', 4, forService('active', 'C')]],
  [1, 'pods first', { stable: null, services: {}, pods: { C: [4, 3] } }, ['C', 'C', 4, forPods('pods', 3)]],
  [1, 'applied', { stable: null, services: NEW }, ['C', 'C', 4], { promoted: true }],
  [1, 'a second template before the first was promoted', { stable: null }, ['C', 'C', 4, forService('active', 'C')]],
  [1, 'the same, without its pods', { stable: null, pods: { C: [4, 3] } }, ['S', 'C', 4, forPods('pods', 3)]],
  [
    1,
    'baking',
    { stable: null, services: NEW, rolloutStrategy: { ...ON_FIRST, ...BAKE } },
    ['C', 'C', 4, { reason: 'Baking', until: T + 60_000 }],
    { gate: { step: 1, startedAt: T } },
  ],
  [2, 'idle', { stable: 'C', services: NEW }, ['C', 'C', 4]],
  [2, 'idle, active selects another revision', { stable: 'C' }, ['C', 'C', 4, forService('active', 'C')]],
  [2, 'idle, that and too few pods', { stable: 'C', pods: FEW }, ['S', 'C', 4, forPods('pods', 3)]],
  [2, 'idle, too few pods', { stable: 'C', services: NEW, pods: FEW }, ['C', 'C', 4, forPods('pods', 3)]],
  [2, 'idle, no Services yet', { stable: 'C', services: {}, pods: FEW }, ['C', 'C', 4, forPods('pods', 3)]],
  [
    2,
    'idle, the root Service lags',
    { stable: 'C', services: { ...NEW, 'my-app': 'S' } },
    ['C', 'C', 4, forService('my-app', 'C')],
  ],
  [2, 'idle wins over a hold', { stable: 'C', services: NEW, ...HELD }, ['C', 'C', 4]],
  [3, 'abort', { ...BACK, services: NEW }, ['S', 'S', 4, forService('active', 'S')]],
  [3, 'abort, S lacks a pod', { ...BACK, services: NEW, pods: WEAK }, ['C', 'S', 4, forPods('stable', 3)]],
  [3, 'abort before active moved', { ...BACK, pods: { S: 4, C: 1 } }, ['S', 'S', 1]],
  [3, 'reconfigured', { reverting: true, services: NEW }, ['S', 'S', 4, forService('active', 'S')]],
  [3, 'reconfigured, more pods than replicas', { reverting: true, pods: { S: 4, C: 6 } }, ['S', 'S', 6]],
  [4, 'held', { ...HELD, pods: { S: 4, C: 2 } }, ['S', 'C', 2, { reason: 'RolloutPaused', by: 'annotation' }]],
  [
    4,
    'held, more pods than replicas',
    { ...HELD, pods: { S: 4, C: 6 } },
    ['S', 'C', 4, { reason: 'RolloutPaused', by: 'annotation' }],
  ],
  [4, 'held, no Services', { ...HELD, services: {} }, ['S', 'S', 4, { reason: 'RolloutPaused', by: 'annotation' }]],
  [
    4,
    'held, preview selects a third revision',
    { ...HELD, services: { ...OLD, preview: 'B' } },
    ['S', 'B', 4, { reason: 'RolloutPaused', by: 'annotation' }],
  ],
  [
    4,
    'the root Service selects all pods',
    { services: { ...OLD, 'my-app': '*' } },
    ['S', 'C', 4, forService('my-app', 'S')],
  ],
  [4, 'the same, active is with C', { services: { ...NEW, 'my-app': '*' } }, ['C', 'C', 4, forService('my-app', 'C')]],
  [5, 'active selects C', { ...WAITS, services: NEW }, ['S', 'C', 4, GATE]],
  [5, 'active selects C, S lacks a pod', { ...WAITS, services: NEW, pods: WEAK }, ['C', 'C', 4, GATE]],
  [
    5,
    'that and too few preview pods',
    { ...WAITS, services: NEW, blueGreen: { previewReplicaCount: 1 } },
    ['S', 'C', 4, GATE],
  ],
  [6, 'all pods', WAITS, ['S', 'C', 4, GATE]],
  [6, 'previewReplicaCount', { ...WAITS, blueGreen: { previewReplicaCount: 1 } }, ['S', 'C', 1, GATE]],
  [
    6,
    'the root Service still selects C',
    { ...WAITS, services: { ...OLD, 'my-app': 'C' }, blueGreen: { previewReplicaCount: 1 } },
    ['S', 'C', 4, GATE],
  ],
  [
    6,
    'the root Service is missing',
    { ...WAITS, services: { active: 'S' }, pods: { S: 4, C: 2 }, blueGreen: { previewReplicaCount: 3 } },
    ['S', 'C', 3, GATE],
  ],
  [6, 'without Services active is created for S', { ...WAITS, services: {} }, ['S', 'C', 4, GATE]],
  [7, 'C has its pods', {}, ['C', 'C', 4, forService('active', 'C')]],
  [7, 'C lacks a pod', { pods: FEW }, ['S', 'C', 4, forPods('the new revision', 3)]],
  [7, 'C has a pod too many', { pods: { S: 4, C: 5 } }, ['S', 'C', 4, forService('active', 'C')]],
  [7, 'an analysis is inconclusive', { stop: STOP }, ['S', 'C', 4, STOP]],
  [
    7,
    'active selects a third revision',
    { services: { ...OLD, active: 'B' } },
    ['C', 'C', 4, forService('active', 'C')],
  ],
  [8, 'not in effect', { services: NEW, inEffect: false }, ['C', 'C', 4, settle]],
  [8, 'C lacks a pod', { services: NEW, pods: FEW }, ['C', 'C', 4, forPods('the new revision', 3)]],
  [9, 'analysis', { services: NEW, blueGreen: POST }, ['C', 'C', 4, forAnalysis('postPromotion')]],
  [
    9,
    'analysis running',
    { services: NEW, blueGreen: POST, ...ran(runOfC('postPromotion', 'Running')) },
    ['C', 'C', 4, forAnalysis('postPromotion', '0 of 1 metrics done, 0 measurements')],
  ],
  [9, 'an analysis is inconclusive', { services: NEW, stop: STOP }, ['C', 'C', 4, STOP]],
  [
    9,
    'baking',
    { services: NEW, rolloutStrategy: BAKE },
    ['C', 'C', 4, { reason: 'Baking', until: T + 60_000 }],
    { gate: { step: 1, startedAt: T } },
  ],
  [10, 'no analysis', { services: NEW }, ['C', 'C', 4], { promoted: true }],
  [
    10,
    'the analysis succeeded',
    { services: NEW, blueGreen: POST, ...ran(runOfC('postPromotion', 'Successful')) },
    ['C', 'C', 4],
    { promoted: true },
  ],
  [
    10,
    'the analysis of a full promotion is skipped',
    { services: NEW, blueGreen: POST, position: { promoteFull: true } },
    ['C', 'C', 4],
    { promoted: true },
  ],
  [
    10,
    'a revision that still runs is not analyzed again',
    { services: NEW, blueGreen: POST, skips: true },
    ['C', 'C', 4],
    { promoted: true },
  ],
];

describe('row', () => {
  it.each(ROWS)('%i: %s', (row, _, given, [active, preview, updated, wait], other) => {
    const state = rowContext(given);
    expect(rowOf(state)).toBe(row);
    expect(firstMove(BLUE_GREEN, state)).toEqual({ active, preview, updated, ...(wait && { wait }), ...other });
  });

  it('every row has a case', () => {
    expect(new Set(ROWS.map(([row]) => row)).size).toBe(BLUE_GREEN.length);
  });
});

describe('the first deployment, analyzed before its promotion', () => {
  const before = { stable: null, rolloutStrategy: ON_FIRST, blueGreen: PRE, services: {} };

  it.each<[string, RowGiven, [string | undefined, object?], object?]>([
    ['the pods first: no active Service yet', { ...before, pods: { C: [4, 3] } }, [undefined, forPods('pods', 3)]],
    ['then the analysis', before, [undefined, forAnalysis('prePromotion')]],
    ['which failed', { ...before, position: { abort: ABORT } }, [undefined, { reason: 'NothingToGoBackTo' }]],
    ['which cannot start', { ...before, stop: STOP }, [undefined, STOP]],
    ['which succeeded', { ...before, ...ran(runOfC('prePromotion', 'Successful')) }, ['C', forService('active', 'C')]],
    [
      'without replicas there is nothing to measure',
      { ...before, replicas: 0, pods: { C: 0 } },
      ['C', forService('active', 'C')],
    ],
    ['not enabled', { ...before, rolloutStrategy: {} }, ['C', forService('active', 'C')]],
    ['without an analysis before promotion', { ...before, blueGreen: {} }, ['C', forService('active', 'C')]],
    [
      'a failed one without an analysis before promotion',
      { ...before, blueGreen: {}, services: NEW, position: { abort: ABORT } },
      ['C', { reason: 'NothingToGoBackTo' }],
    ],
  ])('%s', (_, given, [active, wait]) => {
    const updated = given.replicas ?? 4;
    expect(firstMove(BLUE_GREEN, rowContext(given))).toEqual({ active, preview: 'C', updated, wait });
  });
});

describe('what stops all changes', () => {
  it.each<[string, RowGiven, object | undefined]>([
    ['nothing', {}, undefined],
    [
      'a hold, before the root Service',
      { held: 'spec', services: { 'my-app': '*' } },
      { reason: 'RolloutPaused', by: 'spec' },
    ],
    ['the root Service, no active one: follows S', { services: { 'my-app': '*' } }, forService('my-app', 'S')],
    ['the root Service, no S: follows C', { services: { 'my-app': '*' }, stable: null }, forService('my-app', 'C')],
    ['there is no root Service', { services: { 'my-app': '*' }, withoutRootService: true }, undefined],
  ])('%s', (_, given, wait) => {
    expect(blockingWait(rowContext(given))).toEqual(wait);
  });
});

it.each([
  [undefined, 4],
  [0, 0],
  [3, 3],
  [4, 4],
  [5, 4],
])('previewReplicaCount %s of 4 replicas: %i pods', (previewReplicaCount, count) => {
  const { strategy } = rowContext({ blueGreen: previewReplicaCount === undefined ? {} : { previewReplicaCount } });
  expect(previewCount(strategy, 4)).toBe(count);
});
