import { describe, expect, it } from 'vitest';
import { read } from '../../test/api/read.js';
import { observe } from '../observe/observation.js';
import type { Fields } from '../schema/json.js';
import { ownStatus } from './ownStatus.js';

const NOW = Date.UTC(2026, 0, 1, 0, 0, 0, 400);
const status = (more: Fields = {}, rollout: Fields = {}): Fields => ({
  replicas: 5,
  availableReplicas: 5,
  conditions: [{ type: 'Progressing', status: 'True', reason: 'WaitingForPods', message: '1 of 3' }],
  rolloutStatus: {
    phase: 'Progressing',
    message: '1 of 3',
    currentStepIndex: 0,
    step: '1/2 set weight 20',
    ...rollout,
  },
  bookkeeping: { stepsHash: 'h' },
  ...more,
});

interface Given {
  readonly observed?: Fields;
  /** Of the generation that is observed. */
  readonly observedGeneration?: number;
  readonly writtenAt?: string | undefined;
  /** What the next sync returns. */
  readonly next?: Fields;
}

function own(returned: Fields, given: Given = {}) {
  const { observed = status(), observedGeneration = 1, writtenAt = '2026-01-01T00:00:00Z', next = returned } = given;
  const spec = read({ replicas: 5, template: { spec: { containers: [{ name: 'a', image: 'a' }] } } });
  const parent = {
    apiVersion: 'orchestration.aibrix.io/v1alpha1',
    kind: 'StormService',
    metadata: {
      name: 'my-app',
      namespace: 'default',
      uid: 'u',
      generation: 1,
      managedFields: [{ manager: 'metacontroller', subresource: 'status', time: writtenAt }, { manager: 'kubectl' }],
    },
    status: { ...observed, observedGeneration },
  };
  const decided = { status: returned, children: [] };
  return ownStatus(observe({ parent, children: {} }, spec), decided, () => ({ status: next, children: [] }), NOW);
}

const moved = status({}, { currentStepIndex: 1, step: '2/2 set weight 50' });
const counted = status({ availableReplicas: 6, replicas: 6 }, { message: '2 of 3' });

describe('a status that', () => {
  it.each<[string, Fields, Given, number | undefined]>([
    ['is there already asks for nothing', status(), {}, undefined],
    ['lets the rollout move on asks for the next move', moved, { next: status({}, { currentStepIndex: 2 }) }, 0.02],
    ['changes nothing more is checked', moved, {}, 2],
    ['has been lost is asked for again', moved, { observed: {}, next: moved }, 2],
    ['misses what it has just created moves nothing', moved, { next: { ...moved, missing: [{ name: 'a' }] } }, 2],
  ])('%s', (_, returned, given, seconds) => {
    expect(own(returned, given)).toEqual({ status: returned, seconds });
  });
});

describe('counts', () => {
  it('that move wait for the rest of a second', () => {
    expect(own(counted)).toEqual({ status: status(), seconds: 0.6 });
    const progressed = status({
      bookkeeping: { stepsHash: 'h', progressedAt: '2026-01-01T00:00:01Z', progress: { pods: 2 } },
    });
    expect(own(progressed)).toEqual({ status: status(), seconds: 0.6 });
  });

  it.each<[string, Fields, Given]>([
    ['after a second', counted, { writtenAt: '2025-12-31T23:59:59Z' }],
    ['when it is not known when the last ones were written', counted, { writtenAt: 'yesterday' }],
    ['when somebody has another clock', counted, { writtenAt: '2026-01-02T00:00:00Z' }],
    ['for another generation', counted, { observedGeneration: 0 }],
    ['together with a change of phase', status({ replicas: 6 }, { phase: 'Degraded' }), {}],
    ['together with a step', { ...moved, replicas: 6 }, {}],
    ['together with a weight', status({ replicas: 6 }, { observedWeight: 20 }), {}],
    [
      'of a rollout at rest',
      status({ replicas: 6 }, { phase: 'Healthy' }),
      { observed: status({}, { phase: 'Healthy' }) },
    ],
  ])('are written at once %s', (_, returned, given) => {
    expect(own(returned, given)).toMatchObject({ status: returned, seconds: 2 });
  });

  it('that a condition depends on are written at once', () => {
    const unavailable = status({ conditions: [{ type: 'Available', status: 'False' }], availableReplicas: 1 });
    expect(own(unavailable).status).toEqual(unavailable);
  });
});
