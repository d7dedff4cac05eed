import { describe, expect, it } from 'vitest';
import { ABORT, contextOf, type Given, T } from '../../../test/rollouts/context.js';
import { abortOverdue, deadlineExceeded, progressedAt, timeoutSeconds, waitingForPersonSince } from './deadline.js';

/** Eight pods in all, four of them updated, as in the last sync. */
const COUNTS = { replicas: 8, readyReplicas: 8, availableReplicas: 8, updatedReplicas: 4 };
const MINUTE_AGO = { step: 1, progressedAt: T - 60_000 };

/** The last progress was a minute ago, and the deadline is a minute. */
function late(given: Given = {}) {
  return contextOf({
    spec: { progressDeadlineSeconds: 60 },
    position: MINUTE_AGO,
    memory: { counts: COUNTS },
    ...given,
  });
}

function counted(other: Partial<typeof COUNTS>): Given {
  return { memory: { counts: { ...COUNTS, ...other } } };
}

describe('the progress deadline', () => {
  it.each<[string, Given, boolean]>([
    ['is over', {}, true],
    ['is over a millisecond later', { now: T - 1 }, false],
    ['a new target has progressed', { position: { ...MINUTE_AGO, isNew: true } }, false],
    ['an aborted rollout makes no progress', { position: { ...MINUTE_AGO, abort: ABORT } }, false],
    ['nothing is remembered', { position: {} }, false],
    ['more pods are updated', counted({ updatedReplicas: 3 }), false],
    ['more pods are ready', counted({ readyReplicas: 7 }), false],
    ['more pods are available', counted({ availableReplicas: 7 }), false],
    ['more pods alone are no progress', counted({ replicas: 7 }), true],
    ['fewer pods are no progress', counted({ updatedReplicas: 5, readyReplicas: 9, availableReplicas: 9 }), true],
  ])('%s', (_, given, exceeded) => {
    expect(deadlineExceeded(late(given))).toBe(exceeded);
  });

  it.each<[string, Given, number, number]>([
    ['no progress: the time stays', {}, 1, T - 60_000],
    ['another step', {}, 2, T],
    ['from the next full second', { now: T + 1 }, 2, T + 1000],
    ['a new target', { position: { ...MINUTE_AGO, isNew: true } }, 1, T],
    ['more pods are ready', counted({ readyReplicas: 7 }), 1, T],
    ['nothing is remembered', { position: { step: 1 } }, 1, T],
  ])('is counted from progress: %s', (_, given, step, at) => {
    expect(progressedAt(late(given), step)).toBe(at);
  });
});

describe('the abort of a late rollout', () => {
  const rolloutStrategy = { autoRollback: { onTimeout: '1h' }, canary: {} };
  const aborts = { progressDeadlineSeconds: 60, progressDeadlineAbort: true };
  const hour: Given = { spec: { rolloutStrategy }, position: { startedAt: T - 3_600_000 } };
  const disabled = { autoRollback: { onTimeout: '1h', enabled: false }, canary: {} };
  const deadline = { reason: 'ProgressDeadlineExceeded', message: 'no progress for 60 s', at: '2026-01-01T00:00:00Z' };
  const timeout = {
    reason: 'RolloutTimeout',
    message: 'the rollout took longer than autoRollback.onTimeout (3600 s)',
    at: '2026-01-01T00:00:00Z',
  };

  it.each<[string, Given, boolean, object | undefined]>([
    ['after the deadline', { spec: aborts }, true, deadline],
    ['before the deadline', { spec: aborts }, false, undefined],
    ['progressDeadlineAbort is not set', { spec: { progressDeadlineSeconds: 60 } }, true, undefined],
    ['in mid-second', { spec: aborts, now: T + 1 }, true, { ...deadline, at: '2026-01-01T00:00:01Z' }],
    ['no rollout is in progress', { spec: aborts, stable: 'C' }, true, undefined],
    ['a first deployment', { spec: aborts, stable: null }, true, undefined],
    ['at the timeout', hour, false, timeout],
    ['a millisecond before the timeout', { ...hour, now: T - 1 }, false, undefined],
    ['at the timeout without a rollout', { ...hour, stable: 'C' }, false, undefined],
    ['at the timeout, held', { ...hour, held: 'spec' }, false, undefined],
    ['at the timeout, at a gate', { ...hour, approvalGate: { step: 0, startedAt: T } }, false, undefined],
    ['at the timeout, inconclusive', { ...hour, findings: inconclusive(T) }, false, undefined],
    ['not known when it started', { ...hour, position: {} }, false, undefined],
    ['automatic rollback is disabled', { ...hour, spec: { rolloutStrategy: disabled } }, false, undefined],
    ['without automatic rollback', { ...hour, spec: {} }, false, undefined],
  ])('%s', (_, given, isLate, abort) => {
    const context = contextOf(given);
    expect(abortOverdue(context, context.findings, isLate)).toEqual(abort);
  });

  it.each([
    [rolloutStrategy, 3600],
    [disabled, undefined],
    [{ canary: {} }, undefined],
  ])('timeout of %j: %s s', (strategy, seconds) => {
    expect(timeoutSeconds(contextOf({ spec: { rolloutStrategy: strategy } }).observation)).toBe(seconds);
  });
});

it.each<[string, Given, number | undefined]>([
  ['nobody is awaited', {}, undefined],
  ['at a gate', { approvalGate: { step: 0, startedAt: T - 5000 } }, T - 5000],
  ['at an inconclusive analysis', { findings: inconclusive(T - 3000) }, T - 3000],
  ['at both', { approvalGate: { step: 0, startedAt: T - 5000 }, findings: inconclusive(T - 3000) }, T - 5000],
])('waiting for a person: %s', (_, given, since) => {
  const context = contextOf(given);
  expect(waitingForPersonSince(context, context.findings)).toBe(since);
});

function inconclusive(inconclusiveSince: number) {
  return { analysis: { runs: [] }, notes: [], inconclusiveSince };
}
