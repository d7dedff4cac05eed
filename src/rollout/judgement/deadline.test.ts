import { describe, expect, it } from 'vitest';
import { contextOf, type Given, T } from '../../../test/rollouts/context.js';
import { abortSlow, abortStuck, timeoutSeconds, waitingForPersonSince } from './deadline.js';

const DEADLINE = { progressDeadlineSeconds: 60, progressDeadlineAbort: true };

describe('the abort of a rollout without progress', () => {
  const stuck = { reason: 'ProgressDeadlineExceeded', message: 'no progress for 60 s', at: '2026-01-01T00:00:00Z' };

  it.each<[string, Given, object | undefined]>([
    ['is enabled', { spec: DEADLINE }, stuck],
    ['is not enabled', { spec: { progressDeadlineSeconds: 60 } }, undefined],
    ['in mid-second', { spec: DEADLINE, now: T + 1 }, { ...stuck, at: '2026-01-01T00:00:01Z' }],
    ['no rollout is in progress', { spec: DEADLINE, stable: 'C' }, undefined],
    ['a first deployment', { spec: DEADLINE, stable: null }, undefined],
  ])('%s', (_, given, abort) => {
    expect(abortStuck(contextOf(given))).toEqual(abort);
  });
});

describe('the abort of a slow rollout', () => {
  const rolloutStrategy = { autoRollback: { onTimeout: '1h' }, canary: {} };
  const hour: Given = { spec: { rolloutStrategy }, position: { startedAt: T - 3_600_000 } };
  const disabled = { autoRollback: { onTimeout: '1h', enabled: false }, canary: {} };
  const timeout = {
    reason: 'RolloutTimeout',
    message: 'the rollout took longer than autoRollback.onTimeout (3600 s)',
    at: '2026-01-01T00:00:00Z',
  };

  it.each<[string, Given, object | undefined]>([
    ['at the timeout', hour, timeout],
    ['a millisecond before the timeout', { ...hour, now: T - 1 }, undefined],
    ['at the timeout without a rollout', { ...hour, stable: 'C' }, undefined],
    ['at the timeout, held', { ...hour, held: 'spec' }, undefined],
    ['at the timeout, at a gate', { ...hour, approvalGate: { step: 0, startedAt: T } }, undefined],
    ['at the timeout, inconclusive', { ...hour, findings: inconclusive(T) }, undefined],
    ['not known when it started', { ...hour, position: {} }, undefined],
    ['automatic rollback is disabled', { ...hour, spec: { rolloutStrategy: disabled } }, undefined],
    ['without automatic rollback', { ...hour, spec: {} }, undefined],
  ])('%s', (_, given, abort) => {
    const context = contextOf(given);
    expect(abortSlow(context, context.findings)).toEqual(abort);
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
