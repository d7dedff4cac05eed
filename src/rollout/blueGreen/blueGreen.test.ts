import { describe, expect, it } from 'vitest';
import {
  type BlueGreenGiven,
  blueGreenOf,
  CHECK,
  FEW,
  forAnalysis,
  forPods,
  NEW,
  OLD,
  PRE,
  STOP,
} from '../../../test/rollouts/blueGreenContext.js';
import { ABORT, objectOf, runOfC, T } from '../../../test/rollouts/context.js';
import { SERVICE } from '../../metacontroller/children.js';
import { REVISION_LABEL } from '../../schema/names.js';
import type { RolloutPlan } from '../plan.js';
import { planBlueGreen } from './blueGreen.js';

const GATED = { autoPromotionEnabled: false };
const GATE = { step: 0, startedAt: T - 60_000 };
const APPROVE = { annotation: 'aibrix.io/rollout-approve', value: 'true' };
const WAITS = { reason: 'WaitingForApproval', revision: 'C', step: 0 };
const ONE = { S: 4, C: 1 };
const NONE = { S: 4, C: 0 };
const BACK = { position: { abort: ABORT } };

function plan(given: BlueGreenGiven): RolloutPlan {
  const { context, strategy } = blueGreenOf(given);
  return planBlueGreen(context, strategy);
}

/** The Services have selected this for as long as settleSeconds, or `seconds`. */
function seen({ active, preview, ...root }: typeof OLD, seconds = 2): BlueGreenGiven {
  const state = `active=${active} preview=${preview} my-app=${root['my-app']} `;
  return {
    services: { active, preview, ...root },
    memory: { routeSeen: { state, since: T - seconds * 1000 } },
  };
}

describe('the steps before promotion', () => {
  const both = { ...GATED, ...PRE };
  const analyzed = { findings: { analysis: { runs: [runOfC('prePromotion', 'Successful')] }, notes: [] } };

  it.each<[string, BlueGreenGiven, Partial<RolloutPlan>]>([
    [
      'the preview pods first',
      { blueGreen: GATED, pods: FEW },
      { step: 0, waits: [forPods('the preview', 3)] as never },
    ],
    ['the gate', { blueGreen: GATED }, { step: 0, gate: { step: 0, startedAt: T }, waits: [WAITS] as never }],
    [
      'at the gate missing pods do not matter',
      { blueGreen: GATED, pods: FEW, position: { gate: GATE } },
      { step: 0, gate: GATE },
    ],
    [
      'an approval passes it',
      { blueGreen: GATED, position: { gate: GATE }, approve: APPROVE },
      { step: 1, gate: undefined, approval: { passed: true, effect: 'passed step 1 of 1 of revision C' } },
    ],
    ['the analysis', { blueGreen: both }, { step: 0, steps: 2, waits: [forAnalysis('prePromotion')] as never }],
    ['after the analysis the gate', { blueGreen: both, ...analyzed }, { step: 1, gate: { step: 1, startedAt: T } }],
    [
      'after the first step missing pods do not matter',
      { blueGreen: both, pods: FEW, position: { step: 1 } },
      { step: 1, gate: { step: 1, startedAt: T } },
    ],
    [
      'an analysis stops them',
      { blueGreen: GATED, stop: STOP, position: { gate: GATE } },
      { step: 0, gate: GATE, waits: [STOP] },
    ],
    [
      'held',
      { blueGreen: GATED, held: 'spec', position: { gate: GATE } },
      { step: 0, gate: GATE, waits: [{ reason: 'RolloutPaused', by: 'spec' }] },
    ],
    [
      'a full promotion skips them',
      { blueGreen: GATED, position: { promoteFull: true } },
      { step: 1, gate: undefined },
    ],
    ['an index after the last one', { blueGreen: GATED, position: { step: 7 } }, { step: 1, gate: undefined }],
    ['idle', { blueGreen: GATED, stable: 'C', services: NEW }, { step: 1, waits: [] }],
    ['a rollback', { blueGreen: GATED, ...BACK }, { step: 0, gate: undefined, waits: [] }],
  ])('%s', (_, given, expected) => {
    expect(plan(given)).toMatchObject(expected);
  });

  it.each<[string, BlueGreenGiven, number]>([
    ['inside its delay', { memory: { scaleDownAt: new Map([['C', { at: T + 1, wasStable: true }]]) } }, 1],
    ['at the end of its delay', { memory: { scaleDownAt: new Map([['C', { at: T, wasStable: true }]]) } }, 0],
    ['in the rollback window', { blueGreen: { ...GATED, rollbackWindow: { revisions: 1 } }, pods: { C: 4, S: 4 } }, 1],
    [
      'before the rollback window',
      { blueGreen: { ...GATED, rollbackWindow: { revisions: 1 } }, pods: { C: 4, B: 0, S: 4 } },
      0,
    ],
  ])('a revision that was stable skips them %s', (_, given, step) => {
    expect(plan({ blueGreen: GATED, ...given }).step).toBe(step);
  });

  it('an analysis that stops the rollout keeps the preview pods before the last step, and all after it', () => {
    const small = { blueGreen: { ...GATED, previewReplicaCount: 1 }, pods: ONE, stop: STOP };
    expect(plan(small).sets.get('C')).toBe(1);
    expect(plan({ ...small, position: { step: 1 } }).sets.get('C')).toBe(4);
  });
});

describe('the pods', () => {
  const aborted = { ...BACK, ...seen({ active: 'S', preview: 'S', 'my-app': 'S' }) };
  const third = { B: 2, ...NONE };

  it.each<[string, BlueGreenGiven, Record<string, number>]>([
    ['the preview', { blueGreen: { ...GATED, previewReplicaCount: 1 }, pods: NONE }, { S: 4, C: 1 }],
    ['stable always has its replicas', { blueGreen: GATED, pods: { S: 1, C: 4 } }, { S: 4, C: 4 }],
    ['first deployment', { stable: null, services: {}, pods: { C: 0 } }, { C: 4 }],
    ['an abort of a first deployment', { stable: null, ...BACK, pods: { C: 0 } }, { C: 4 }],
    ['a third revision, in effect', { ...seen(OLD), pods: third }, { B: 0, S: 4, C: 4 }],
    ['a third revision, not in effect', { ...seen(OLD, 1), pods: third }, { B: 2, S: 4, C: 4 }],
    ['a third revision that preview selects', { ...seen({ ...OLD, preview: 'B' }), pods: third }, { B: 2, S: 4, C: 4 }],
    [
      'a third revision that the root Service selects',
      { ...seen({ ...OLD, 'my-app': 'B' }), pods: third },
      { B: 2, S: 4, C: 4 },
    ],
    ['an abort, the delay has started', aborted, { S: 4, C: 4 }],
    ['an abort, reconfigured', { ...aborted, position: {}, reverting: true, pods: ONE }, { S: 4, C: 1 }],
  ])('%s', (_, given, sets) => {
    expect(Object.fromEntries(plan(given).sets)).toEqual(sets);
  });

  it.each<[string, BlueGreenGiven, Record<string, object>]>([
    ['an abort: the delay of C', aborted, { C: { at: T + 30_000, wasStable: false } }],
    ['an abort, not in effect', { ...aborted, ...seen({ ...OLD, preview: 'S' }, 1) }, {}],
    ['an abort, preview selects C', { ...aborted, ...seen(OLD) }, {}],
    ['promotion: the delay of S', { ...seen(NEW) }, { S: { at: T + 30_000, wasStable: true } }],
    ['before promotion', { ...seen(NEW, 1) }, {}],
    ['a third revision inside its delay', inDelay(), { B: { at: T + 5000, wasStable: true } }],
  ])('%s', (_, given, scaleDownAt) => {
    expect(Object.fromEntries(plan({ blueGreen: delays(), ...given }).scaleDownAt)).toEqual(scaleDownAt);
  });

  function delays() {
    return { scaleDownDelaySeconds: 30, abortScaleDownDelaySeconds: 30 };
  }

  function inDelay(): BlueGreenGiven {
    return { pods: third, memory: { scaleDownAt: new Map([['B', { at: T + 5000, wasStable: true }]]) } };
  }
});

describe('the Services', () => {
  const first = {
    stable: null,
    services: {},
    blueGreen: PRE,
    rolloutStrategy: { analysis: { onFirstDeployment: true } },
  };

  it.each<[string, BlueGreenGiven, Record<string, string>, number, string | undefined]>([
    ['at the gate', { blueGreen: GATED }, OLD, 0, 'S'],
    ['after it', {}, NEW, 100, 'S'],
    ['after it, C lacks a pod', { pods: FEW }, OLD, 0, 'S'],
    ['promoted', seen(NEW), NEW, 100, 'C'],
    ['active does not exist before the analysis', first, { preview: 'C' }, 0, undefined],
    ['without a root Service', { withoutRootService: true }, { active: 'C', preview: 'C' }, 100, 'S'],
  ])('%s', (_, given, selections, weight, stable) => {
    const planned = plan(given);
    expect(Object.fromEntries(planned.selections)).toEqual(selections);
    expect(planned).toMatchObject({ weight });
    expect(planned.stable).toBe(stable);
  });
});

describe('what was observed', () => {
  const at = (seconds: number, other: BlueGreenGiven = {}) =>
    plan({ blueGreen: GATED, ...seen(OLD, seconds), ...other });

  it('is in effect after settleSeconds', () => {
    const state = 'active=S preview=C my-app=S ';
    expect(at(1)).toMatchObject({ routeSeen: { state, since: T - 1000 }, settlesAt: T + 1000 });
    expect(at(2)).toMatchObject({ routeSeen: { state, since: T - 2000 }, settlesAt: undefined });
  });

  it('is not written in a sync that changes it', () => {
    expect(at(2, { blueGreen: {} }).routeSeen).toBeUndefined();
  });

  it('names missing Services, and when the others were last written', () => {
    const rolloutStrategy = { analysis: { onFirstDeployment: true } };
    const first = plan({ stable: null, services: { preview: 'C' }, blueGreen: PRE, rolloutStrategy });
    expect(first.routeSeen?.state).toBe('active=absent preview=C my-app=absent ');
    const preview = objectOf(SERVICE, 'preview', {
      metadata: { name: 'preview', managedFields: [{ time: '2025-12-31T23:00:00Z' }] },
      spec: { selector: { [REVISION_LABEL]: 'C' } },
    });
    const written = plan({ blueGreen: GATED, services: { active: 'S', 'my-app': 'S' }, routes: [preview] });
    expect(written.routeSeen?.state).toBe('active=S preview=C my-app=S 2025-12-31T23:00:00Z');
  });
});

it('health checks before the revision is stable have a gate of their own', () => {
  const rolloutStrategy = { autoRollback: { enabled: true, bakeSeconds: 60, healthChecks: [CHECK] } };
  expect(plan({ ...seen(NEW), rolloutStrategy })).toMatchObject({ stable: 'S', gate: { step: 0, startedAt: T } });
});
