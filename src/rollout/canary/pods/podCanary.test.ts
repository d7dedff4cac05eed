import { describe, expect, it } from 'vitest';
import { ABORT, contextOf, type Given, objectOf, T } from '../../../../test/rollouts/context.js';
import type { RolloutPlan } from '../../plan.js';
import { planPodCanary } from './podCanary.js';

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }];
const BOUNDS = { maxSurge: 1, maxUnavailable: 0 };
const CANARY = { canary: { steps: STEPS, ...BOUNDS } };
const STOP = { reason: 'AnalysisNotReady', message: '' } as const;
const ROUTE = objectOf('VirtualService.networking.istio.io/v1', 'left-over');
const ABORTED = { position: { abort: ABORT } };

/** Ten replicas at the step of weight 20: two canary pods and eight stable ones. */
function plan(given: Given, rolloutStrategy: object = CANARY): RolloutPlan {
  const context = contextOf({ spec: { replicas: 10, rolloutStrategy }, ...given });
  const { strategy } = context.observation.spec;
  if (strategy.type === 'BlueGreen') throw new Error('not a canary');
  return planPodCanary(context, strategy);
}

const forPods = (who: string, available: number, wanted: number) => ({
  reason: 'WaitingForPods',
  who,
  available,
  wanted,
});
const scaleDown = (who: string, pods: number, wanted: number) => ({
  reason: 'WaitingForScaleDown',
  who,
  pods,
  wanted,
});

describe('the pods of a step', () => {
  it.each<[string, Given['pods'], Record<string, number>, object]>([
    ['the canary starts within the surge', { S: 10, C: 0 }, { S: 10, C: 1 }, forPods('canary', 0, 2)],
    ['stable makes room once a canary pod is available', { S: 10, C: 1 }, { S: 9, C: 1 }, forPods('canary', 1, 2)],
    ['stable has a pod too many', { S: 9, C: 2 }, { S: 8, C: 2 }, scaleDown('stable', 9, 8)],
    ['stable has a pod too few', { S: 7, C: 2 }, { S: 8, C: 2 }, scaleDown('stable', 7, 8)],
    ['the canary has a pod too many', { S: 8, C: 3 }, { S: 8, C: 2 }, scaleDown('the canary', 3, 2)],
    ['an earlier revision has a pod', { B: 1, S: 8, C: 2 }, { B: 0, S: 8, C: 2 }, scaleDown('earlier revisions', 1, 0)],
    ['newest first', { A: 1, B: 2, S: 9, C: 0 }, { A: 1, B: 0, S: 9, C: 0 }, forPods('canary', 0, 2)],
    ['stable without pods comes first', { S: 0, C: 0 }, { S: 8, C: 0 }, forPods('canary', 0, 2)],
    ['stable is lost: the canary does not wait for its share', { C: 0 }, { S: 0, C: 2 }, forPods('canary', 0, 2)],
  ])('%s', (_, pods, sets, wait) => {
    const planned = plan({ pods });
    expect(Object.fromEntries(planned.sets)).toEqual(sets);
    expect(planned).toMatchObject({ stable: 'S', step: 0, steps: 3, weight: 20, waits: [wait], gate: undefined });
    expect(planned.scaleDownAt).toEqual(new Map());
  });

  it('a split with the surge is nearer to the weight: 3 of 11 for 25 %, but 3 of 10 without', () => {
    const steps = [{ setWeight: 25 }];
    const at = { pods: { S: 10, C: [3, 3] } } as const;
    expect(plan(at, { canary: { steps, ...BOUNDS } }).waits).toEqual([scaleDown('stable', 10, 8)]);
    expect(plan(at, { canary: { steps, maxSurge: 0, maxUnavailable: 1 } }).waits).toEqual([scaleDown('stable', 10, 7)]);
  });
});

describe('a step is done', () => {
  const recorded = { step: 1, startedAt: T - 60_000 };

  it('with its pods; missing stable pods do not stop it', () => {
    const planned = plan({ pods: { S: [8, 5], C: 2 } });
    expect(planned).toMatchObject({ stable: 'S', step: 1, weight: 20, gate: { step: 1, startedAt: T } });
    expect(planned.waits).toEqual([{ reason: 'WaitingForApproval', revision: 'C', step: 1 }]);
    expect(Object.fromEntries(planned.sets)).toEqual({ S: 8, C: 2 });
  });

  it('an approval passes the gate, and the pods of the next step follow at once', () => {
    const approve = { annotation: 'aibrix.io/rollout-approve', value: 'true' };
    const planned = plan({ pods: { S: 8, C: 2 }, position: { step: 1, gate: recorded }, approve });
    expect(planned).toMatchObject({ step: 2, weight: 60, approval: { passed: true } });
    expect(planned.waits).toEqual([forPods('canary', 2, 6)]);
    expect(planned.sets.get('C')).toBe(3);
  });

  it('pods of the next step wait until status says that the last one is done', () => {
    const pods = { S: 4, C: 6 };
    const done = plan({ pods, position: { step: 2 } });
    expect(done).toMatchObject({ step: 3, weight: 100, waits: [forPods('canary', 6, 10)] });
    expect(Object.fromEntries(done.sets)).toEqual({ S: 4, C: 6 });
    expect(Object.fromEntries(plan({ pods, position: { step: 3 } }).sets)).toEqual({ S: 4, C: 7 });
  });
});

describe('after the last step', () => {
  it.each<[string, Given['pods'], string, readonly object[]]>([
    ['the canary has its pods and stable none: C is stable', { S: 0, C: 10 }, 'C', []],
    ['one canary pod is not available', { S: 0, C: [10, 9] }, 'S', [forPods('canary', 9, 10)]],
    ['stable has a pod', { S: 1, C: 10 }, 'S', [scaleDown('stable', 1, 0)]],
    ['earlier revisions have pods', { A: 1, B: 2, S: 0, C: 10 }, 'S', [scaleDown('earlier revisions', 3, 0)]],
  ])('%s', (_, pods, stable, waits) => {
    const position = { step: 3 };
    expect(plan({ pods, position })).toMatchObject({ stable, step: 3, weight: 100, waits });
    const rolling = { rollingUpdate: BOUNDS };
    expect(plan({ pods }, rolling)).toMatchObject({ stable, step: 0, steps: 0, weight: 100, waits });
  });

  it('health checks continue for bakeSeconds; not after an abort', () => {
    const checks = [{ name: 'up', interval: '10s', http: { url: 'http://my-app/' } }];
    const baked = { ...CANARY, autoRollback: { enabled: true, bakeSeconds: 60, healthChecks: checks } };
    expect(plan({ pods: { S: 0, C: 10 }, position: { step: 3 } }, baked)).toMatchObject({
      stable: 'S',
      gate: { step: 3, startedAt: T },
      waits: [{ reason: 'Baking', until: T + 60_000 }],
    });
    expect(plan({ pods: { S: 10, C: 0 }, ...ABORTED }, baked)).toMatchObject({ stable: 'S', waits: [] });
    expect(plan({ pods: { S: 1, C: 10 }, position: { step: 3 } }, baked).gate).toBeUndefined();
  });
});

describe('without a rollout', () => {
  it.each<[string, Given, Record<string, number>, string | undefined, readonly object[]]>([
    ['first deployment', { stable: null, pods: { C: [4, 3] } }, { C: 10 }, undefined, [forPods('pods', 3, 10)]],
    ['first deployment available', { stable: null, pods: { C: 10 } }, { C: 10 }, 'C', []],
    ['idle', { stable: 'C', pods: { C: 10 } }, { C: 10 }, 'C', []],
    ['scale-up', { stable: 'C', pods: { C: 4 } }, { C: 10 }, 'C', [forPods('pods', 4, 10)]],
    ['scale-down', { stable: 'C', pods: { C: 12 } }, { C: 10 }, 'C', [scaleDown('the revision', 12, 10)]],
    [
      'earlier pods',
      { stable: 'C', pods: { B: 1, C: 10 } },
      { B: 0, C: 10 },
      'C',
      [scaleDown('earlier revisions', 1, 0)],
    ],
  ])('%s', (_, given, sets, stable, waits) => {
    const planned = plan(given);
    expect(Object.fromEntries(planned.sets)).toEqual(sets);
    expect(planned).toMatchObject({ step: 3, weight: 100, waits });
    expect(planned.stable).toBe(waits.length > 0 && given.stable === null ? undefined : stable);
  });
});

describe('a rollback', () => {
  it.each<[string, Given['pods'], Record<string, number>, readonly object[]]>([
    ['stable scales up within the surge first', { S: 8, C: 2 }, { S: 9, C: 2 }, [scaleDown('the canary', 2, 0)]],
    ['then the canary goes', { S: 9, C: 2 }, { S: 9, C: 1 }, [scaleDown('the canary', 2, 0)]],
    ['stable lacks a pod', { S: [10, 9], C: 0 }, { S: 10, C: 0 }, [forPods('stable', 9, 10)]],
    ['stable is whole: S stays stable', { S: 10, C: 0 }, { S: 10, C: 0 }, []],
  ])('%s', (_, pods, sets, waits) => {
    for (const back of [ABORTED, { reverting: true }]) {
      const planned = plan({ pods, ...back });
      expect(Object.fromEntries(planned.sets)).toEqual(sets);
      expect(planned).toMatchObject({ stable: 'S', step: 0, weight: 0, waits });
    }
  });
});

describe('held, or stopped by an analysis', () => {
  const remembering = (updatedRevision: string): Given => ({
    pods: { S: 10, C: 0 },
    memory: {
      updatedRevision,
      counts: { ...{ replicas: 11, readyReplicas: 11, availableReplicas: 11 }, updatedReplicas: 1 },
    },
  });

  it.each<[string, Given, Record<string, number>]>([
    ['the canary does not scale up, stable does not scale down', { pods: { S: 10, C: 1 } }, { S: 10, C: 1 }],
    ['missing stable pods are replaced', { pods: { S: 8, C: 1 } }, { S: 9, C: 1 }],
    ['earlier pods count as present', { pods: { B: 1, S: 8, C: 1 } }, { B: 1, S: 8, C: 1 }],
    ['stable has its share at least', { pods: { B: 4, S: 5, C: 1 } }, { B: 4, S: 6, C: 1 }],
    ['more than the surge goes', { pods: { S: 12, C: 1 } }, { S: 10, C: 1 }],
    ['the canary scales down', { pods: { S: 8, C: 3 } }, { S: 8, C: 2 }],
    ['with all pods of the step the split stays', { pods: { S: 9, C: 2 } }, { S: 8, C: 2 }],
    ['a deleted canary ReplicaSet is replaced', remembering('C'), { S: 10, C: 1 }],
    ['pods of another revision in status do not count', remembering('B'), { S: 10, C: 0 }],
  ])('%s', (_, given, sets) => {
    expect(Object.fromEntries(plan({ ...given, held: 'annotation' }).sets)).toEqual(sets);
    expect(Object.fromEntries(plan({ ...given, stop: STOP }).sets)).toEqual(sets);
  });

  it('says why', () => {
    expect(plan({ held: 'spec' }).waits).toEqual([{ reason: 'RolloutPaused', by: 'spec' }]);
    expect(plan({ stop: STOP }).waits).toEqual([STOP]);
  });
});

describe('pods that a Service or a route of an earlier configuration reaches', () => {
  const back = { pods: { S: 10, C: 2 }, ...ABORTED };
  const idle = { stable: 'C', pods: { B: 2, C: 12 } };

  it.each<[string, Given, Record<string, number>]>([
    ['none: they go', back, { S: 10, C: 0 }],
    ['C is selected alone: it keeps its pods', { ...back, services: { old: 'C' } }, { S: 10, C: 2 }],
    ['S is selected alone', { ...back, services: { old: 'S' } }, { S: 10, C: 0 }],
    ['all are selected', { ...back, services: { old: '*' } }, { S: 10, C: 0 }],
    ['idle: more pods than replicas go', idle, { B: 0, C: 10 }],
    ['an earlier revision is selected alone', { ...idle, services: { old: 'B' } }, { B: 2, C: 10 }],
    ['never more than replicas', { ...idle, services: { old: 'C' } }, { B: 0, C: 10 }],
    ['a left-over route may lead anywhere: none scales down', { ...idle, routes: [ROUTE] }, { B: 2, C: 12 }],
  ])('%s', (_, given, sets) => {
    expect(Object.fromEntries(plan(given).sets)).toEqual(sets);
  });
});

describe('Services', () => {
  it.each<[string, Given, Record<string, string>]>([
    ['the root Service selects all pods', {}, { 'my-app': '*' }],
    ['without a root Service', { withoutRootService: true }, {}],
    [
      'not while an earlier revision has pods',
      { services: { 'my-app': 'S' }, pods: { B: 1, S: 8, C: 2 } },
      { 'my-app': 'S' },
    ],
    ['left-over Services stay as they are', { services: { old: 'C' } }, { 'my-app': '*' }],
    [
      'reconfigured: left-over Services select stable until it is reached',
      { services: { old: 'C', all: '*', 'my-app': 'C' }, pods: { S: 10, C: 2 }, reverting: true },
      { 'my-app': 'S', old: 'S' },
    ],
    ['reconfigured, first deployment', { services: { old: 'C' }, reverting: true, stable: null }, { 'my-app': '*' }],
  ])('%s', (_, given, selections) => {
    expect(Object.fromEntries(plan(given).selections)).toEqual(selections);
  });
});
