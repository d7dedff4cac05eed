import { describe, expect, it } from 'vitest';
import { runOf } from '../../../test/rollouts/runs.js';
import type { MeasurementResult, Measurements } from '../../fetch/measurement.js';
import type { Json } from '../../schema/json.js';
import type { Run } from '../../status/analysisRuns.js';
import { affordable } from './budget.js';
import { measurementKey } from './run.js';

const LARGE = Array.from({ length: 19_000 }, () => 1);
const EXPENSIVE = 'result.all(x, x > 0) && result.all(x, x > 1) && result.all(x, x > 2) && result.all(x, x > 3)';

function run(id: string, successCondition: string, count: number, given: Partial<Run> = {}): Run {
  const names = Array.from({ length: count }, (_, index) => `m${index}`);
  return runOf({
    id,
    metrics: names.map(name => ({ name, phase: 'Running', dueAt: '2026-01-01T00:00:00Z', measurements: [] })),
    pinned: names.map(name => ({
      name,
      successCondition,
      provider: { prometheus: { query: 'up', address: 'http://p' } },
    })),
    ...given,
  });
}

function answered(runs: readonly Run[], value: Json): Measurements {
  const results = runs.flatMap(each =>
    each.metrics.map((state): MeasurementResult => {
      return { key: measurementKey('u', each, state), at: 0, outcome: 'value', value };
    }),
  );
  return new Map(results.map(result => [result.key, result]));
}

const judged = (runs: readonly Run[], value: Json) => [...affordable(runs, 'u', answered(runs, value)).keys()];

describe('one sync judges', () => {
  it('everything that is cheap', () => {
    const runs = [run('a', 'result[0] > 0', 50), run('b', 'result.all(x, x > 0)', 50)];
    const all = answered(runs, [1, 2, 3]);
    expect(affordable(runs, 'u', all)).toBe(all);
    expect(affordable(runs, 'u', new Map()).size).toBe(0);
  });

  it('as much as it can of what is expensive, in order, and the next sync more', () => {
    const runs = [run('a', EXPENSIVE, 10), run('b', EXPENSIVE, 10)];
    const first = judged(runs, LARGE);
    expect(first.length).toBeGreaterThanOrEqual(1);
    expect(first.length).toBeLessThan(10);
    expect(first).toEqual([...answered(runs, LARGE).keys()].slice(0, first.length));
  });

  it('one that is more expensive than everything together', () => {
    const most = Array.from({ length: 8 }, (_, index) => `result.all(x, x > ${index})`).join(' && ');
    expect(judged([run('a', most, 3)], LARGE)).toHaveLength(1);
  });

  it('any number of errors and postponed measurements', () => {
    const runs = [run('a', EXPENSIVE, 50)];
    const results = [...answered(runs, 1).keys()].map((key, index): [string, MeasurementResult] => [
      key,
      { key, at: 0, outcome: index % 2 === 0 ? 'error' : 'postponed', message: 'm' },
    ]);
    expect(affordable(runs, 'u', new Map(results)).size).toBe(50);
  });

  it('what is left of a run that has ended, as it judges nothing', () => {
    const runs = [run('a', EXPENSIVE, 10, { phase: 'Failed' })];
    const late = answered(runs, LARGE);
    expect(affordable(runs, 'u', late)).toBe(late);
  });
});
