import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toRfc3339 } from '../schema/instant.js';
import { readMemory } from './memory.js';

describe('readMemory', () => {
  it('reads any JSON without complaint', () => {
    fc.assert(
      fc.property(fc.jsonValue(), status => {
        expect(() => readMemory(status)).not.toThrow();
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
          startedAt: any,
          promoteFull: any,
          scaleDown: fc.oneof(any, fc.array(fc.record({ revision: any, at: any, wasStable: any }))),
          routeSeen: fc.oneof(any, fc.record({ state: any, since: any })),
        }),
      ),
      handledAnnotations: fc.oneof(any, fc.array(fc.record({ name: any, value: any }))),
      missing: fc.oneof(any, fc.array(fc.record({ kind: any, name: any, since: any }))),
      conditions: fc.oneof(any, fc.array(fc.record({ type: any, status: any }))),
      replicas: any,
    });
    fc.assert(
      fc.property(shapes, status => {
        const memory = readMemory(status);
        expect(Number.isInteger(memory.stepIndex) && memory.stepIndex >= 0).toBe(true);
        expect(memory.counts.replicas).toBeGreaterThanOrEqual(0);
        const times = [
          memory.gate?.startedAt,
          memory.heldSince,
          memory.progressedAt,
          ...[...memory.scaleDownAt.values()].map(({ at }) => at),
        ];
        for (const time of times) if (time !== undefined) expect(toRfc3339(time)).toMatch(/^\d{4}-/);
      }),
    );
  });

  it('is lost without a revision, whatever else is there', () => {
    expect(readMemory(undefined).lost).toBe(true);
    expect(readMemory({ rolloutStatus: { phase: 'Degraded', message: 'x' } }).lost).toBe(true);
    expect(readMemory({ rolloutStatus: { updatedRevision: '' } }).lost).toBe(true);
    expect(readMemory({ rolloutStatus: { updatedRevision: 'abc' } }).lost).toBe(false);
  });
});
