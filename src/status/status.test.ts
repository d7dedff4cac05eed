import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toRfc3339 } from '../schema/instant.js';
import { amendStatus, readStatus, type Status, writeStatus } from './status.js';

const T = Date.UTC(2026, 0, 1);

const EMPTY: Status = {
  counts: { replicas: 0, readyReplicas: 0, availableReplicas: 0, updatedReplicas: 0 },
  conditions: [],
  stepIndex: 0,
  promoteFull: false,
  scaleDownAt: new Map(),
  history: [],
  handled: [],
  analysis: { runs: [] },
  missing: [],
};

describe('readStatus', () => {
  it('reads any JSON without complaint', () => {
    fc.assert(
      fc.property(fc.jsonValue(), status => {
        expect(() => readStatus(status)).not.toThrow();
      }),
    );
  });

  it('reads any value in any of its fields', () => {
    const any = fc.oneof(fc.jsonValue(), fc.constant('+275760-09-13T00:00:00Z'), fc.constant('2026-01-01T00:00:00Z'));
    const shapes = fc.record({
      rolloutStatus: fc.oneof(
        any,
        fc.record({
          stableRevision: any,
          updatedRevision: any,
          currentStepIndex: any,
          pause: fc.oneof(any, fc.record({ reason: any, startedAt: any, until: any })),
          abort: fc.oneof(any, fc.record({ reason: any, message: any, at: any, by: any })),
        }),
      ),
      bookkeeping: fc.oneof(
        any,
        fc.record({
          stepsHash: any,
          setupHash: any,
          gate: fc.oneof(any, fc.record({ step: any, startedAt: any })),
          heldSince: any,
          progressedAt: any,
          progress: fc.oneof(any, fc.record({ at: any, revision: any, pods: any, replicas: any, stoppedAt: any })),
          startedAt: any,
          promoteFull: any,
          scaleDown: fc.oneof(any, fc.array(fc.record({ revision: any, at: any, wasStable: any }))),
          routeSeen: fc.oneof(any, fc.record({ state: any, since: any })),
        }),
      ),
      handledAnnotations: fc.oneof(any, fc.array(fc.record({ name: any, value: any }))),
      missing: fc.oneof(any, fc.array(fc.record({ kind: any, name: any, since: any }))),
      conditions: fc.oneof(any, fc.array(fc.record({ type: any, status: any }))),
      history: fc.oneof(any, fc.array(fc.record({ revision: any, number: any }))),
      replicas: any,
    });
    fc.assert(
      fc.property(shapes, status => {
        const memory = readStatus(status);
        expect(Number.isInteger(memory.stepIndex) && memory.stepIndex >= 0).toBe(true);
        expect(memory.counts.replicas).toBeGreaterThanOrEqual(0);
        const times = [
          memory.gate?.startedAt,
          memory.heldSince,
          memory.progress?.at,
          memory.progress?.stoppedAt,
          memory.startedAt,
          memory.pause?.startedAt,
          memory.routeSeen?.since,
          ...[...memory.scaleDownAt.values()].map(({ at }) => at),
        ];
        for (const time of times) if (time !== undefined) expect(toRfc3339(time)).toMatch(/^\d{4}-/);
        expect(() => writeStatus(memory)).not.toThrow();
      }),
    );
  });

  it('is lost without a revision, whatever else is there', () => {
    expect(readStatus(undefined).lost).toBe(true);
    expect(readStatus({ rolloutStatus: { phase: 'Degraded', message: 'x' } }).lost).toBe(true);
    expect(readStatus({ rolloutStatus: { updatedRevision: '' } }).lost).toBe(true);
    expect(readStatus({ rolloutStatus: { updatedRevision: 'abc' } }).lost).toBe(false);
  });

  const nothing = { ...EMPTY, lost: true };
  const rollout = (rolloutStatus: object) => ({ rolloutStatus });
  const kept = (bookkeeping: object) => ({ bookkeeping });
  const at = '2026-01-01T00:00:00Z';

  it.each<[string, object]>([
    ['a phase of another version', rollout({ phase: 'Pending' })],
    ['an empty stable revision', rollout({ stableRevision: '' })],
    ['a step below 0', rollout({ currentStepIndex: -1 })],
    ['half a step', rollout({ currentStepIndex: 0.5 })],
    ['pods below 0', { replicas: -1, readyReplicas: -2, availableReplicas: -3, updatedReplicas: -4 }],
    ['half a pod', { replicas: 0.5 }],
    ['an abort without a reason', rollout({ abort: { message: 'x', at } })],
    ['a pause without a reason', rollout({ pause: { startedAt: at } })],
    ['a pause that began at no time', rollout({ pause: { reason: 'x', startedAt: 'then' } })],
    ['empty hashes', kept({ setupHash: '', stepsHash: '' })],
    ['a gate that was reached at no time', kept({ gate: { step: 1, startedAt: 'then' } })],
    ['a gate at no step', kept({ gate: { startedAt: at } })],
    ['a promotion that is no truth', kept({ promoteFull: 'yes' })],
    ['times that are none', kept({ heldSince: 'x', startedAt: 1, progressedAt: '2026-13-01T00:00:00Z' })],
    ['progress at no time', kept({ progress: { at: 'then', revision: 'a', pods: 1, replicas: 1 } })],
    ['progress of no pods', kept({ progress: { at, revision: 'a', pods: 'x', replicas: 1 } })],
    ['a scale-down of no revision', kept({ scaleDown: [{ at }] })],
    ['a scale-down at no time', kept({ scaleDown: [{ revision: 'a', at: 'then' }] })],
    ['a route seen at no time', kept({ routeSeen: { state: 'a' } })],
    ['a route seen in no state', kept({ routeSeen: { since: at } })],
    ['an annotation without a name', { handledAnnotations: [{ value: 'x' }] }],
    ['a child that is missing since no time', { missing: [{ kind: 'Service', name: 'a', since: 'then' }] }],
    ['a condition without a type', { conditions: [{ status: 'True' }] }],
    ['a status of another form', { conditions: 1, rolloutStatus: [], bookkeeping: 'x', history: {}, selector: 1 }],
  ])('leaves out %s', (_, status) => {
    expect(readStatus(status)).toStrictEqual({ ...nothing, raw: status });
  });

  it.each<[string, object, object]>([
    ['progress as release 0.1 wrote it', kept({ progressedAt: at }), { progress: { at: T } }],
    [
      'progress that has stopped',
      kept({ progress: { revision: 'a', pods: 1, replicas: 2, at, stoppedAt: at } }),
      { progress: { at: T, stoppedAt: T, mark: { revision: 'a', pods: 1, replicas: 2 } } },
    ],
    [
      'an abort that has only a reason',
      rollout({ abort: { reason: 'x', by: '' } }),
      {
        abort: { reason: 'x', message: '', at: '' },
      },
    ],
    [
      'a pause whose end is no time',
      rollout({ pause: { reason: 'x', startedAt: at, until: 'then' } }),
      {
        pause: { reason: 'x', startedAt: T },
      },
    ],
    [
      'a scale-down of what was not stable',
      kept({ scaleDown: [{ revision: 'a', at, wasStable: 'yes' }] }),
      {
        scaleDownAt: new Map([['a', { at: T, wasStable: false }]]),
      },
    ],
    [
      'an annotation without an effect',
      { handledAnnotations: [{ name: 'a', value: 'b', more: 1 }] },
      {
        handled: [{ effect: '', name: 'a', value: 'b', more: 1 }],
      },
    ],
    [
      'an annotation with a value that is none',
      { handledAnnotations: [{ name: 'a', value: 1 }] },
      {
        handled: [{ effect: '', name: 'a' }],
      },
    ],
    [
      'a condition of any form, as it came',
      { conditions: [null, { type: 'New', status: 1 }] },
      {
        conditions: [{ type: 'New', status: 1 }],
      },
    ],
  ])('reads %s', (_, status, understood) => {
    expect(readStatus(status)).toStrictEqual({ ...nothing, ...understood, raw: status });
  });

  it('keeps what is no object nowhere', () => {
    expect(readStatus('x')).toStrictEqual({ ...nothing, raw: {} });
  });
});

describe('amendStatus', () => {
  it('changes phase, message and conditions, and leaves all else in its place', () => {
    const before = {
      other: [1],
      rolloutStatus: { phase: 'Healthy', other: 1, step: 2 },
      observedGeneration: 3,
      bookkeeping: 4,
    };
    const amended = amendStatus(readStatus(before), { phase: 'Degraded', message: 'no', conditions: [] });
    expect(JSON.stringify(amended)).toBe(
      '{"other":[1],"rolloutStatus":{"phase":"Degraded","other":1,"step":2,"message":"no"},"bookkeeping":4,"conditions":[]}',
    );
  });
});
