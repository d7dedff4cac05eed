import { describe, expect, it } from 'vitest';
import type { Position } from '../position.js';
import type { Command, Commands } from './annotations.js';
import { steer } from './oneShots.js';

const T = Date.UTC(2026, 0, 1);
const ABORT = { reason: 'AnalysisFailed', message: 'errors 7 %', at: '2026-01-01T00:00:00Z' } as const;
const ANNOTATED = {
  reason: 'AbortedByAnnotation',
  message: 'aborted by the annotation aibrix.io/rollout-abort',
  at: '2026-01-01T00:00:00Z',
} as const;
const MIDWAY: Position = {
  step: 3,
  promoteFull: false,
  isNew: false,
  gate: { step: 3, startedAt: T - 60_000 },
  progress: { at: T - 30_000, mark: { revision: 'new', pods: 1, replicas: 4 } },
};
const ABORTED: Position = { step: 0, promoteFull: false, isNew: false, abort: ABORT };

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
      { 'aibrix.io/rollout-promote': 'ignored: the only supported value is full' },
    ],
    [
      'promote at rest',
      MIDWAY,
      { promote: command('promote', 'full') },
      false,
      MIDWAY,
      { 'aibrix.io/rollout-promote': 'ignored: no rollout is in progress' },
    ],
    [
      'promote what is aborted',
      ABORTED,
      { promote: command('promote', 'full') },
      true,
      ABORTED,
      { 'aibrix.io/rollout-promote': 'ignored: the rollout is aborted; retry it first' },
    ],
    [
      'retry',
      ABORTED,
      { retry: command('retry') },
      true,
      { step: 0 },
      { 'aibrix.io/rollout-retry': 'the steps restart' },
    ],
    [
      'retry what runs',
      MIDWAY,
      { retry: command('retry') },
      true,
      MIDWAY,
      { 'aibrix.io/rollout-retry': 'ignored: no rollout is aborted' },
    ],
    [
      'abort',
      MIDWAY,
      { abort: command('abort') },
      true,
      {
        step: 0,
        abort: ANNOTATED,
      },
      { 'aibrix.io/rollout-abort': 'the rollout is aborted' },
    ],
    [
      'abort at rest',
      MIDWAY,
      { abort: command('abort') },
      false,
      MIDWAY,
      { 'aibrix.io/rollout-abort': 'ignored: no rollout is in progress' },
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
      { 'aibrix.io/rollout-retry': 'the steps restart', 'aibrix.io/rollout-abort': 'the rollout is aborted' },
    ],
  ])('%s', (_, position, given, running, next, effects) => {
    const steered = steer(position, commands(given), running, T);
    expect(steered.position).toMatchObject(next);
    expect(steered.effects).toEqual(effects);
  });

  it('a retry leaves nothing of the abort, nor of the times before it', () => {
    const aborted = { ...ABORTED, progress: { at: T, mark: { revision: 'new', pods: 1, replicas: 4 } }, startedAt: T };
    expect(steer(aborted, commands({ retry: command('retry') }), true, T).position).toEqual({
      step: 0,
      promoteFull: false,
      isNew: false,
    });
  });

  it.each([{}, { by: 'alice', at: '2025-12-31T00:00:00Z' }])('an abort says who gave it and when: %j', given => {
    const { position } = steer(MIDWAY, commands({ abort: { ...command('abort'), ...given } }), true, T);
    expect(position.abort).toEqual({ ...ANNOTATED, ...given });
  });

  it('a promotion leaves the gate behind', () => {
    expect(steer(MIDWAY, commands({ promote: command('promote', 'full') }), true, T).position).not.toHaveProperty(
      'gate',
    );
  });
});
