import { describe, expect, it } from 'vitest';
import { BEFORE, type Cluster, decided, HASH, routedCluster, T } from '../../../test/rollouts/observed.js';
import { analysisOf } from '../../../test/rollouts/runs.js';
import type { Missing } from '../../status/schema.js';
import type { Decision } from '../step.js';
import type { Wait } from '../wait.js';
import { report } from './report.js';

const NONE = { missing: [], collisions: [] };
const STEPS = { canary: { steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }] } };
const CLUSTER: Cluster = { strategy: STEPS, pods: { old: [3, 3], new: [1, 0] } };
const MIDWAY = decided(CLUSTER);
const POSITION = { step: 0, promoteFull: false, isNew: false };
const ABORT = { reason: 'AnalysisFailed', message: 'errors 7 %', at: '2026-01-01T00:00:00Z' } as const;
const PODS: Wait = { reason: 'WaitingForPods', who: 'canary', available: 0, wanted: 1 };
const APPROVAL: Wait = { reason: 'WaitingForApproval', revision: HASH.new, step: 1 };
const HELD: Wait = { reason: 'RolloutPaused', by: 'annotation' };
const KUBECTL = 'kubectl annotate stormservice my-app';

/** rolloutStatus of a decision that waits for pods of the canary. */
function rollout(given: Partial<Decision>) {
  const decision = { ...MIDWAY, wait: PODS, position: POSITION, deadlineExceeded: false, reverting: false, ...given };
  return report(decision, NONE).rolloutStatus;
}

describe('the message', () => {
  const aborted = { position: { ...POSITION, abort: ABORT } };
  const retry = `change the template, or retry with: ${KUBECTL} aibrix.io/rollout-retry=true --overwrite`;
  const pods = 'waiting for canary: 0 of 1 pods available';
  const first = { revisions: { ...MIDWAY.revisions, stable: undefined } };
  const elsewhere = { ...MIDWAY.observation.parent, namespace: 'shop' };

  it.each<[string, Partial<Decision>, string]>([
    ['has the wait', {}, pods],
    ['says that all is done', { wait: undefined }, 'all pods are available'],
    [
      'of a rollback has its reason and what to do',
      { ...aborted, wait: undefined },
      `rolled back: errors 7 %; ${retry}`,
    ],
    ['of a rollback has its wait', aborted, `rolled back: errors 7 %; ${pods}; ${retry}`],
    ['of a first deployment that failed', { ...aborted, ...first, wait: undefined }, `failed: errors 7 %; ${retry}`],
    ['without progress', { deadlineExceeded: true }, `no progress for 600 s; ${pods}`],
    ['without progress and wait', { deadlineExceeded: true, wait: undefined }, 'no progress for 600 s'],
    [
      'of an abort comes first',
      { ...aborted, deadlineExceeded: true, reverting: true },
      `rolled back: errors 7 %; ${pods}; ${retry}`,
    ],
    [
      'of a deadline comes before a changed configuration',
      { deadlineExceeded: true, reverting: true },
      `no progress for 600 s; ${pods}`,
    ],
    [
      'of a changed configuration',
      { reverting: true },
      `rolling back to stable: the configuration changed, and the rollout restarts; ${pods}`,
    ],
    [
      'has the command for the default namespace',
      { wait: APPROVAL },
      `waiting for approval; approve with: ${KUBECTL} aibrix.io/rollout-approve=${HASH.new}:1 --overwrite`,
    ],
    [
      'has the command for another namespace',
      { wait: APPROVAL, observation: { ...MIDWAY.observation, parent: elsewhere } },
      `waiting for approval; approve with: ${KUBECTL} -n shop aibrix.io/rollout-approve=${HASH.new}:1 --overwrite`,
    ],
  ])('%s', (_, given, message) => {
    expect(rollout(given)?.message).toBe(message);
  });
});

describe('the pause', () => {
  const gate = { plan: { ...MIDWAY.plan, gate: { step: 1, startedAt: BEFORE } } };
  const held = { position: { ...POSITION, heldSince: BEFORE } };
  const startedAt = '2025-12-31T23:59:00Z';

  it.each<[string, Partial<Decision>, object | undefined]>([
    ['at a gate', { ...gate, wait: APPROVAL }, { reason: 'PauseUntilApproval', startedAt }],
    [
      'for a duration',
      { ...gate, wait: { reason: 'WaitingForTime', until: T } },
      { reason: 'PauseDuration', startedAt, until: '2026-01-01T00:00:00Z' },
    ],
    ['by the annotation', { ...held, wait: HELD }, { reason: 'RolloutPauseAnnotation', startedAt }],
    ['by the spec', { ...held, wait: { ...HELD, by: 'spec' } }, { reason: 'SpecPaused', startedAt }],
    ['whose start is not known', { wait: HELD }, undefined],
    [
      'at an inconclusive analysis',
      { wait: { reason: 'InconclusiveAnalysis', revision: 'abc', step: 1, message: '', since: BEFORE } },
      { reason: 'InconclusiveAnalysis', startedAt },
    ],
    ['is none without a gate', { wait: APPROVAL }, undefined],
    ['is none without a wait', { ...gate, wait: undefined }, undefined],
    ['is none while a gate waits for something else', { ...gate, wait: PODS }, undefined],
    ['is none after a hold', { ...held, wait: PODS }, undefined],
  ])('%s', (_, given, pause) => {
    expect(rollout({ plan: { ...MIDWAY.plan, gate: undefined }, ...given })?.pause).toEqual(pause);
  });
});

describe('the step', () => {
  it.each<[number, string]>([
    [0, '1/3 set weight 25'],
    [1, '2/3 pause until approved'],
    [3, '3/3 done'],
  ])('%d: %s', (step, text) => {
    expect(rollout({ plan: { ...MIDWAY.plan, step } })).toMatchObject({ currentStepIndex: step, step: text });
  });

  it('is absent without steps', () => {
    const status = report(decided({ ...CLUSTER, strategy: { canary: {} } }), NONE).rolloutStatus;
    expect(status).not.toHaveProperty('step');
    expect(status).not.toHaveProperty('currentStepIndex');
  });
});

describe('the strategy', () => {
  const status = (cluster: Partial<Cluster>) => report(decided({ ...CLUSTER, ...cluster }), NONE).rolloutStatus;
  const revisions = { stableRevision: HASH.old, updatedRevision: HASH.new };

  it('canary has its weight, and the weight of the route if there is one', () => {
    expect(status({})).toMatchObject({ strategy: 'Canary', canaryWeight: 25, ...revisions });
    expect(status({})).not.toHaveProperty('observedWeight');
    expect(status(routedCluster(20, STEPS.canary))).toMatchObject({ canaryWeight: 25, observedWeight: 20 });
    expect(status({})).not.toHaveProperty('blueGreen');
  });

  it('blue-green has what its Services select', () => {
    const selects = { 'my-app-active': 'old', 'my-app-preview': 'new' } as const;
    expect(status({ strategy: { blueGreen: {} }, selects })).toMatchObject({
      strategy: 'BlueGreen',
      blueGreen: { activeRevision: HASH.old, previewRevision: HASH.new },
    });
    expect(status({ strategy: { blueGreen: {} } })?.blueGreen).toEqual({});
    expect(status({ strategy: { blueGreen: {} }, selects })).not.toHaveProperty('canaryWeight');
  });

  it('an abort is shown', () => {
    expect(rollout({ position: { ...POSITION, abort: ABORT } })).toMatchObject({ phase: 'Degraded', abort: ABORT });
    expect(rollout({})).not.toHaveProperty('abort');
  });
});

describe('the history', () => {
  const CAUSE = 'kubernetes.io/change-cause';

  it('is newest first, each with its change cause', () => {
    const decision = decided({
      ...CLUSTER,
      records: { older: 1, old: 2 },
      annotations: { [CAUSE]: 'app:2', 'deployment.kubernetes.io/change-cause': 'not this one' },
    });
    const recorded = decision.recorded.map(revision =>
      revision.hash === HASH.old
        ? { ...revision, record: { ...revision.record!, metadata: { name: 'r', annotations: { [CAUSE]: 'app:1' } } } }
        : revision,
    );
    expect(report({ ...decision, recorded }, NONE).history).toEqual([
      { revision: HASH.new, number: 3, changeCause: 'app:2' },
      { revision: HASH.old, number: 2, changeCause: 'app:1' },
      { revision: HASH.older, number: 1 },
    ]);
  });

  it("has Deployments' own change cause if there is no other", () => {
    const annotations = { 'deployment.kubernetes.io/change-cause': 'app:2' };
    expect(report(decided({ ...CLUSTER, annotations }), NONE).history?.[0]?.changeCause).toBe('app:2');
  });
});

describe('the status', () => {
  it('has the counts, the selector, what is missing and what the next sync needs', () => {
    const missing: readonly Missing[] = [{ kind: 'Service', name: 'web', since: '2026-01-01T00:00:00Z' }];
    expect(report(MIDWAY, { ...NONE, missing })).toMatchObject({
      replicas: 4,
      availableReplicas: 3,
      updatedReplicas: 1,
      selector: 'orchestration.aibrix.io/stormservice=my-app',
      bookkeeping: { setupHash: MIDWAY.setupHash },
      missing,
    });
  });

  it('keeps as many finished analyses as the spec says', () => {
    const runs = ['a', 'b', 'c'].map(id => ({ id, phase: 'Successful', past: true }) as const);
    const spec = { ...MIDWAY.observation.spec, analysisHistory: { successful: 2, unsuccessful: 0 } };
    const decision = { ...MIDWAY, observation: { ...MIDWAY.observation, spec }, analysis: analysisOf(...runs) };
    expect(report(decision, NONE).analysisRuns?.map(({ id }) => id)).toEqual(['b', 'c']);
  });

  it('shows the effect of an annotation', () => {
    const annotations = { 'aibrix.io/rollout-abort': 'true' };
    expect(report(decided({ ...CLUSTER, annotations }), NONE).handledAnnotations).toEqual([
      { name: 'aibrix.io/rollout-abort', value: 'true', effect: 'the rollout is aborted' },
    ]);
  });
});
