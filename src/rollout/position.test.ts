import { describe, expect, it } from 'vitest';
import type { Command, Commands } from './commands.js';
import { aborted, backAtStart, holdOrResume, type Position, steer } from './position.js';

const T = Date.UTC(2026, 0, 1);
const ABORT = { reason: 'AnalysisFailed', message: 'errors 7 %', at: '2026-01-01T00:00:00Z' };
const MIDWAY: Position = {
  step: 3,
  promoteFull: false,
  begins: false,
  gate: { step: 3, startedAt: T - 60_000 },
  progressedAt: T - 30_000,
};
const ABORTED: Position = { step: 0, promoteFull: false, begins: false, abort: ABORT };

const command = (annotation: string, value = 'true'): Command => ({
  annotation: `aibrix.io/rollout-${annotation}`,
  value,
});
const commands = (given: Partial<Commands>): Commands => ({ pause: false, ...given });

describe('steer', () => {
  it.each<[string, Position, Partial<Commands>, boolean, Partial<Position>, Record<string, string>]>([
    ['nothing', MIDWAY, {}, true, MIDWAY, {}],
    [
      'promote',
      MIDWAY,
      { promote: command('promote', 'full') },
      true,
      { step: 3, promoteFull: true },
      { 'aibrix.io/rollout-promote': 'the remaining steps are skipped' },
    ],
    [
      'promote, wrongly',
      MIDWAY,
      { promote: command('promote', 'half') },
      true,
      MIDWAY,
      { 'aibrix.io/rollout-promote': 'not a way to promote: write full' },
    ],
    [
      'promote at rest',
      MIDWAY,
      { promote: command('promote', 'full') },
      false,
      MIDWAY,
      { 'aibrix.io/rollout-promote': 'no rollout is in progress' },
    ],
    [
      'promote what is aborted',
      ABORTED,
      { promote: command('promote', 'full') },
      true,
      ABORTED,
      { 'aibrix.io/rollout-promote': 'the rollout is aborted: retry it first' },
    ],
    [
      'retry',
      ABORTED,
      { retry: command('retry') },
      true,
      { step: 0 },
      { 'aibrix.io/rollout-retry': 'the steps start again' },
    ],
    [
      'retry what runs',
      MIDWAY,
      { retry: command('retry') },
      true,
      MIDWAY,
      { 'aibrix.io/rollout-retry': 'there is no aborted rollout' },
    ],
    [
      'abort',
      MIDWAY,
      { abort: command('abort') },
      true,
      {
        step: 0,
        abort: {
          reason: 'AbortedByAnnotation',
          message: 'aborted by the annotation aibrix.io/rollout-abort',
          at: '2026-01-01T00:00:00Z',
        },
      },
      { 'aibrix.io/rollout-abort': 'the rollout is aborted' },
    ],
    [
      'abort at rest',
      MIDWAY,
      { abort: command('abort') },
      false,
      MIDWAY,
      { 'aibrix.io/rollout-abort': 'no rollout is in progress' },
    ],
    [
      'abort once more',
      ABORTED,
      { abort: command('abort') },
      true,
      { abort: ABORT },
      { 'aibrix.io/rollout-abort': 'the rollout is aborted' },
    ],
    [
      'abort and promote',
      MIDWAY,
      { abort: command('abort'), promote: command('promote', 'full') },
      true,
      { step: 0, promoteFull: false },
      {
        'aibrix.io/rollout-promote': 'the remaining steps are skipped',
        'aibrix.io/rollout-abort': 'the rollout is aborted',
      },
    ],
    [
      'abort and retry',
      ABORTED,
      { abort: command('abort'), retry: command('retry') },
      true,
      { abort: ABORT },
      { 'aibrix.io/rollout-retry': 'the steps start again', 'aibrix.io/rollout-abort': 'the rollout is aborted' },
    ],
  ])('%s', (_, position, given, running, next, effects) => {
    const steered = steer(position, commands(given), running, T);
    expect(steered.position).toMatchObject(next);
    expect(steered.effects).toEqual(effects);
  });

  it('a retry leaves nothing of the abort', () => {
    expect(steer(ABORTED, commands({ retry: command('retry') }), true, T).position).not.toHaveProperty('abort');
  });

  it('a promotion leaves the gate behind', () => {
    expect(steer(MIDWAY, commands({ promote: command('promote', 'full') }), true, T).position).not.toHaveProperty(
      'gate',
    );
  });
});

describe('holdOrResume', () => {
  it('notes when the hold began, once', () => {
    const held = holdOrResume(MIDWAY, true, T);
    expect(held).toEqual({ ...MIDWAY, heldSince: T });
    expect(holdOrResume(held, true, T + 99_000)).toEqual(held);
  });

  it('moves what was awaited on by how long it lasted', () => {
    const resumed = holdOrResume({ ...MIDWAY, heldSince: T }, false, T + 90_000);
    expect(resumed).toEqual({ ...MIDWAY, gate: { step: 3, startedAt: T + 30_000 }, progressedAt: T + 60_000 });
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
      begins: false,
      abort: ABORT,
    });
  });

  it('by another configuration keeps what was aborted and the times of waits', () => {
    expect(backAtStart({ ...MIDWAY, promoteFull: true, abort: ABORT, heldSince: T })).toEqual({
      step: 0,
      promoteFull: false,
      begins: false,
      abort: ABORT,
      heldSince: T,
      progressedAt: MIDWAY.progressedAt,
    });
  });
});
