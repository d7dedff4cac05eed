/** How many results one sync judges. Their conditions are an author's, and run while every other caller waits. */
import { compileCondition } from '../../condition/condition.js';
import type { Measurements } from '../../fetch/measurement.js';
import type { Json } from '../../schema/json.js';
import type { Run } from '../../status/analysisRuns.js';
import type { Metric } from '../metric.js';
import { measurementKey, pinnedMetrics } from './run.js';

/** As `costOf` counts: some 20 ms. The most expensive condition that is allowed costs as much on the largest result. */
export const MAX_COST_OF_SYNC = 1_000_000;

/**
 * The results that are judged in this sync, in the order of runs and metrics: at least one, and more while they are
 * cheap. The rest stays due, and the next sync takes it.
 */
export function affordable(runs: readonly Run[], uid: string, measurements: Measurements): Measurements {
  const costs = runs.flatMap(run => costsOf(run, uid, measurements));
  let left = MAX_COST_OF_SYNC;
  const taken = costs.filter(({ cost }, index) => {
    left -= cost;
    return index === 0 || left >= 0;
  });
  return taken.length === costs.length ? measurements : new Map(taken.map(({ result }) => [result.key, result]));
}

function costsOf(run: Run, uid: string, measurements: Measurements) {
  if (run.phase !== 'Running') return [];
  const results = run.metrics.map(state => measurements.get(measurementKey(uid, run, state)));
  // Reading the metrics takes time, and most syncs have no results.
  const metrics = results.some(result => result !== undefined) ? pinnedMetrics(run) : undefined;
  return (metrics ?? []).flatMap((metric, index) => {
    const result = results[index];
    if (result === undefined) return [];
    return [{ result, cost: result.outcome === 'value' ? costOfJudging(metric, result.value) : 0 }];
  });
}

function costOfJudging({ successCondition, failureCondition }: Metric, value: Json): number {
  return [successCondition, failureCondition]
    .filter(text => text !== undefined)
    .map(text => compileCondition(text, ''))
    .reduce((sum, compiled) => sum + (compiled.ok ? compiled.value.costOfJudging(value) : 0), 0);
}
