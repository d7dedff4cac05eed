import { describe, expect, it } from 'vitest';
import { runOf } from '../../../test/rollouts/runs.js';
import type { MetricState, Run } from '../../status/analysisRuns.js';
import { dueAt, measured, measurementKey, nextDue, pinnedMetrics } from './run.js';

const T = Date.UTC(2026, 0, 1);
const state = (given: Partial<MetricState> = {}): MetricState => ({
  name: 'm',
  phase: 'Running',
  dueAt: '2026-01-01T00:00:00Z',
  measurements: [],
  ...given,
});
const pinned = (name: string) => ({
  name,
  successCondition: 'result == 1',
  provider: { prometheus: { query: 'up', address: 'http://p' } },
});

describe('the pinned metrics', () => {
  const read = (metrics: readonly string[], ...raw: NonNullable<Run['pinned']>) =>
    pinnedMetrics(runOf({ metrics: metrics.map(name => state({ name })), pinned: raw }))?.map(({ name }) => name);

  it('are those of the run, in order', () => {
    expect(read(['a', 'b'], pinned('a'), pinned('b'))).toEqual(['a', 'b']);
    expect(read([])).toEqual([]);
  });

  it.each<[string, readonly string[], NonNullable<Run['pinned']>]>([
    ['one is missing', ['a', 'b'], [pinned('a')]],
    ['there is one too many', ['a'], [pinned('a'), pinned('b')]],
    ['one cannot be read', ['a'], [pinned('a'), { name: 'b' }]],
    ['none can be read', ['a'], [{ name: 'a' }]],
    ['they are in another order', ['a', 'b'], [pinned('b'), pinned('a')]],
  ])('are unknown if %s', (_, metrics, raw) => {
    expect(read(metrics, ...raw)).toBeUndefined();
  });

  it('are unknown if none are recorded', () => {
    expect(pinnedMetrics(runOf({}))).toBeUndefined();
  });
});

describe('a due time', () => {
  it('is that of an active metric', () => {
    expect(dueAt(state())).toBe(T);
    expect(dueAt(state({ phase: 'Failed' }))).toBeUndefined();
  });

  it('of a run is the earliest of its active metrics', () => {
    const metrics = [
      state({ dueAt: '2026-01-01T00:00:20Z' }),
      state({ dueAt: '2026-01-01T00:00:10Z' }),
      state({ phase: 'Successful' }),
    ];
    expect(nextDue(runOf({ metrics }))).toBe(T + 10_000);
    expect(nextDue(runOf({ metrics, phase: 'Failed' }))).toBeUndefined();
    expect(nextDue(runOf({ metrics: [state({ phase: 'Failed' })] }))).toBeUndefined();
  });
});

it('the key of a measurement names the StormService, the run, the metric and the due time', () => {
  expect(measurementKey('uid', runOf({ id: 'run' }), state())).toBe('uid/run/m/2026-01-01T00:00:00Z');
});

it('errors are no measurements that count', () => {
  expect(measured(state({ successful: 1, failed: 2, inconclusive: 4, error: 8 }))).toBe(7);
  expect(measured(state())).toBe(0);
});
