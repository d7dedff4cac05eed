import { describe, expect, it } from 'vitest';
import { ABORT, contextOf, type Given, T } from '../../../test/rollouts/context.js';
import type { Mark, Progress } from '../../status/bookkeeping.js';
import type { Position } from '../position.js';
import type { Wait } from '../wait.js';
import { deadlineOf, progressOf } from './progress.js';

const PODS: Wait = { reason: 'WaitingForPods', who: 'canary', available: 1, wanted: 2 };
const GATE: Wait = { reason: 'WaitingForApproval', revision: 'C', step: 1 };
const HELD: Wait = { reason: 'RolloutPaused', by: 'spec' };
/** Two pods of four. */
const MARK: Mark = { revision: 'C', pods: 2, replicas: 4 };
/** A minute ago, at step 1. */
const BEFORE = { at: T - 60_000, mark: MARK };
const STOPPED = { ...BEFORE, stoppedAt: T - 20_000 };
const NOW = { at: T, mark: MARK };
const marked = (progress: Progress, mark: Partial<Mark>): Progress => ({ ...progress, mark: { ...MARK, ...mark } });

/** As at the last sync, of a rollout with a deadline of 100 s. */
function progress(given: Given, wait: Wait | undefined = PODS, step = 1): Progress | undefined {
  const before = { pods: { S: 4, C: [2, 2] as const }, position: { step: 1, progress: BEFORE } };
  const spec = { progressDeadlineSeconds: 100, ...given.spec };
  return progressOf(contextOf({ ...before, ...given, spec }), { step }, wait);
}

const at = (remembered: Progress | undefined): { readonly position: Partial<Position> } => ({
  position: remembered ? { step: 1, progress: remembered } : { step: 1 },
});
const canary = (spec: number, available: number): Given => ({ pods: { S: 4, C: [spec, available] } });

describe('progress', () => {
  it.each<[string, Given, Progress | undefined]>([
    ['none', {}, BEFORE],
    ['another pod is available', canary(4, 3), marked(NOW, { pods: 3 })],
    ['a pod fell back', canary(4, 1), BEFORE],
    [
      'a pod that fell back recovers',
      { ...canary(4, 3), ...at(marked(BEFORE, { pods: 3 })) },
      marked(BEFORE, { pods: 3 }),
    ],
    ['more pods of the stable revision are none', { pods: { S: [9, 9], C: [2, 2] } }, BEFORE],
    ['scaled out', { spec: { replicas: 5 } }, marked(NOW, { replicas: 5 })],
    ['scaled in', { spec: { replicas: 3 } }, BEFORE],
    [
      'scaled out again',
      { spec: { replicas: 4 }, ...at(marked(BEFORE, { replicas: 6 })) },
      marked(BEFORE, { replicas: 6 }),
    ],
    ['scaled out, with fewer pods', { spec: { replicas: 5 }, ...canary(2, 1) }, marked(NOW, { replicas: 5 })],
    ['the steps restart', { restarts: true }, NOW],
    ['nothing is remembered', at(undefined), NOW],
    ['from the next full second', { ...at(undefined), now: T - 1 }, NOW],
    ['as release 0.1 left it', at({ at: T - 60_000 }), BEFORE],
    ['another revision was awaited', at(marked(BEFORE, { revision: 'B', pods: 9 })), NOW],
    [
      'on the way back the pods of the stable revision count',
      { reverting: true, ...at(marked(BEFORE, { revision: 'S', pods: 3 })) },
      marked(NOW, { revision: 'S', pods: 4 }),
    ],
    ['an aborted rollout makes none', { position: { step: 1, progress: BEFORE, abort: ABORT } }, undefined],
  ])('%s', (_, given, expected) => {
    expect(progress(given)).toEqual(expected);
  });

  it('another step is progress, with whatever pods', () => {
    expect(progress(canary(4, 1), PODS, 2)).toEqual(marked(NOW, { pods: 1 }));
  });

  it('none is expected once nothing is left to do', () => {
    const context = contextOf({ position: { step: 1, progress: BEFORE } });
    expect(progressOf(context, { step: 1 }, undefined)).toBeUndefined();
  });

  it.each<[string, Given, Wait, Progress]>([
    ['stops at a gate', {}, GATE, { ...BEFORE, stoppedAt: T }],
    ['stays stopped there', at(STOPPED), GATE, STOPPED],
    ['stops in progress', canary(4, 3), GATE, { ...marked(NOW, { pods: 3 }), stoppedAt: T }],
    ['goes on from where it stopped', at(STOPPED), PODS, { ...BEFORE, at: T - 40_000 }],
    ['goes on, with a clock that went back', { ...at(STOPPED), now: T - 90_000 }, PODS, BEFORE],
    ['starts again if it stood for as long as the deadline', at({ ...STOPPED, stoppedAt: T - 100_000 }), PODS, NOW],
    [
      'does not start again any earlier',
      at({ ...STOPPED, stoppedAt: T - 99_000 }),
      PODS,
      { ...BEFORE, at: T + 39_000 },
    ],
    ['stays as it is under a hold', { ...canary(4, 3), held: 'spec' }, HELD, BEFORE],
    ['stays stopped under a hold', { ...at(STOPPED), held: 'spec' }, HELD, STOPPED],
    ['starts with the hold', { ...at(undefined), held: 'spec' }, HELD, NOW],
  ])('the clock %s', (_, given, wait, expected) => {
    expect(progress(given, wait)).toEqual(expected);
  });
});

describe('the deadline', () => {
  it.each<[string, Given, Progress | undefined, number | undefined]>([
    ['counts from the last progress', {}, BEFORE, T + 40_000],
    ['does not run while no progress is expected', {}, STOPPED, undefined],
    ['does not run under a hold', { held: 'annotation' }, BEFORE, undefined],
    ['does not run without a wait', {}, undefined, undefined],
  ])('%s', (_, given, remembered, expected) => {
    expect(deadlineOf(contextOf({ spec: { progressDeadlineSeconds: 100 }, ...given }), remembered)).toBe(expected);
  });
});
