import { describe, expect, it } from 'vitest';
import { read } from '../../test/api/read.js';
import { canary, steps, withStrategy } from '../../test/api/specs.js';
import type { Spec } from '../api/spec.js';
import { type ObservedStatus, readStatus } from '../status/status.js';
import { aborted, holdOrResume, type Position, rememberedPosition, resetSteps, stepsHash } from './position.js';

const T = Date.UTC(2026, 0, 1);
const ABORT = { reason: 'AnalysisFailed', message: 'errors 7 %', at: '2026-01-01T00:00:00Z' } as const;
const PROGRESS = { at: T - 30_000, mark: { revision: 'new', pods: 2, replicas: 4 } };
const MIDWAY: Position = {
  step: 3,
  promoteFull: false,
  isNew: false,
  gate: { step: 3, startedAt: T - 60_000 },
  progress: PROGRESS,
};
const STEPS = read(steps({ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: {} }));
const FEWER_STEPS = read(steps({ setWeight: 20 }, { pause: {} }));
const START: Position = { step: 0, promoteFull: false, isNew: true };

/** From a status that was left midway under STEPS, but for what `changed` says. */
function remembered(changed: Partial<ObservedStatus>, spec: Spec = STEPS, judgeable = true): Position {
  const { step: stepIndex, promoteFull, gate, progress } = MIDWAY as Required<Position>;
  const midway = { lost: false, updatedRevision: 'new', stepsHash: stepsHash(STEPS) };
  const memory = { ...readStatus({}), ...midway, stepIndex, promoteFull, gate, progress, ...changed };
  return rememberedPosition({ memory, spec, target: 'new' }, judgeable);
}

describe('rememberedPosition', () => {
  const more = { abort: ABORT, promoteFull: true, heldSince: T, startedAt: T - 90_000 };

  it.each<[string, Position, Position]>([
    ['of this rollout', remembered({}), MIDWAY],
    ['of this rollout, with all there can be', remembered(more), { ...MIDWAY, ...more }],
    ['none: status was lost', remembered({ lost: true }), { ...START, lost: true }],
    ['none: of another template', remembered({ ...more, updatedRevision: 'old' }), START],
    [
      'of other steps: back to the first one, without a gate',
      remembered(more, FEWER_STEPS),
      { step: 0, isNew: false, stepsChanged: true, progress: PROGRESS, ...more },
    ],
    ['of an abort under a strategy that rejects nothing', remembered({ abort: ABORT }, STEPS, false), MIDWAY],
  ])('%s', (_, position, expected) => {
    expect(position).toEqual(expected);
    // A field without a value would differ from none: the position is compared and written as it is.
    expect(Object.values(position)).not.toContain(undefined);
  });
});

describe('stepsHash', () => {
  it.each<[string, boolean, Spec, Spec]>([
    ['fewer steps', false, STEPS, FEWER_STEPS],
    ['another weight', false, read(steps({ setWeight: 20 })), read(steps({ setWeight: 30 }))],
    ['the same steps under another surge', true, read(canary({ steps: [] })), read(canary({ steps: [], maxSurge: 3 }))],
    ['another length of the one pause of blue-green', true, blueGreen(10), blueGreen(20)],
    ['no pause of blue-green', false, blueGreen(10), blueGreen(0)],
    ['another strategy', false, blueGreen(0), read(steps())],
  ])('%s', (_, same, one, other) => {
    expect(stepsHash(one) === stepsHash(other)).toBe(same);
  });

  function blueGreen(autoPromotionSeconds: number): Spec {
    return read(withStrategy({ blueGreen: { autoPromotionSeconds } }));
  }
});

describe('holdOrResume', () => {
  it('notes when the hold began, once', () => {
    const held = holdOrResume(MIDWAY, true, T);
    expect(held).toEqual({ ...MIDWAY, heldSince: T });
    expect(holdOrResume(held, true, T + 99_000)).toEqual(held);
  });

  it('moves what was awaited on by how long it lasted', () => {
    const resumed = holdOrResume({ ...MIDWAY, startedAt: T, heldSince: T }, false, T + 90_000);
    expect(resumed).toEqual({
      ...MIDWAY,
      gate: { step: 3, startedAt: T + 30_000 },
      progress: { ...PROGRESS, at: T + 60_000 },
      startedAt: T + 90_000,
    });
  });

  it('moves the time at which the progress deadline stopped on too', () => {
    const stopped = { ...MIDWAY, progress: { ...PROGRESS, stoppedAt: T - 10_000 }, heldSince: T };
    expect(holdOrResume(stopped, false, T + 90_000).progress).toEqual({
      ...PROGRESS,
      at: T + 60_000,
      stoppedAt: T + 80_000,
    });
  });

  it('a clock that went back moves nothing', () => {
    expect(holdOrResume({ ...MIDWAY, heldSince: T }, false, T - 90_000)).toEqual(MIDWAY);
  });

  it('without a hold changes nothing', () => {
    expect(holdOrResume(MIDWAY, false, T)).toBe(MIDWAY);
  });
});

describe('going back', () => {
  it('by an abort leaves step, gate and promotion', () => {
    expect(aborted({ ...MIDWAY, promoteFull: true }, ABORT)).toEqual({
      step: 0,
      promoteFull: false,
      isNew: false,
      abort: ABORT,
    });
  });

  it('by another configuration keeps what was aborted and the times of waits', () => {
    expect(resetSteps({ ...MIDWAY, promoteFull: true, abort: ABORT, heldSince: T })).toEqual({
      step: 0,
      promoteFull: false,
      isNew: false,
      abort: ABORT,
      heldSince: T,
      progress: PROGRESS,
    });
  });
});
