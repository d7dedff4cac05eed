import { describe, expect, it } from 'vitest';
import { runOf } from '../../../test/rollouts/runs.js';
import type { MetricState } from '../../status/analysisRuns.js';
import { exceeds, tallyOf, tallyRuns } from './threshold.js';

const metric = (counts: Partial<MetricState>): MetricState => ({
  name: 'm',
  phase: 'Running',
  measurements: [],
  ...counts,
});

describe('a tally', () => {
  it.each<[string, MetricState[], [number, number]]>([
    ['of nothing is zero', [], [0, 0]],
    ['counts failures and errors as bad', [metric({ successful: 1, failed: 2, error: 3 })], [6, 5]],
    ['counts what is inconclusive, but not as bad', [metric({ inconclusive: 4 })], [4, 0]],
    ['adds the metrics up', [metric({ failed: 1 }), metric({ error: 1, successful: 1 })], [3, 2]],
    ['leaves dry-run metrics out', [metric({ failed: 1, dryRun: true }), metric({ failed: 1 })], [1, 1]],
  ])('%s', (_, metrics, [total, bad]) => {
    expect(tallyOf(metrics)).toEqual({ total, bad });
  });

  const failing = (failed: number) => ({ metrics: [metric({ failed })] });

  it('of runs adds them to what is no longer kept', () => {
    const runs = [runOf(failing(1)), runOf(failing(2))];
    expect(tallyRuns(runs)).toEqual({ total: 3, bad: 3 });
    expect(tallyRuns(runs, { total: 10, bad: 4 })).toEqual({ total: 13, bad: 7 });
    expect(tallyRuns([])).toEqual({ total: 0, bad: 0 });
  });

  it('leaves the runs of an earlier rollout out', () => {
    expect(tallyRuns([runOf({ ...failing(1), past: true }), runOf(failing(2))])).toEqual({ total: 2, bad: 2 });
  });

  it('of a run that has ended is the recorded one: its metrics may be shortened', () => {
    expect(tallyRuns([runOf({ ...failing(1), tally: { total: 9, bad: 5 } })])).toEqual({ total: 9, bad: 5 });
  });
});

it.each([
  [{ total: 100, bad: 5 }, 5, false],
  [{ total: 6, bad: 6 }, 5, true],
  [{ total: 1, bad: 1 }, 0, true],
  [{ total: 9, bad: 9 }, '20%', false],
  [{ total: 10, bad: 2 }, '20%', false],
  [{ total: 10, bad: 3 }, '20%', true],
  [{ total: 10, bad: 1 }, '0%', true],
  [{ total: 10, bad: 10 }, '100%', false],
  [{ total: 3, bad: 3 }, '2', true],
  [{ total: 3, bad: 2 }, '2', false],
])('%j exceeds the threshold %s: %s', (tally, threshold, exceeded) => {
  expect(exceeds(tally, threshold)).toBe(exceeded);
});
