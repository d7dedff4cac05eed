/** The metrics and due times of a run in status. */
import { fromRfc3339, type Instant } from '../../schema/instant.js';
import type { MetricState, Run } from '../../status/analysisRuns.js';
import { type Metric, readMetric } from '../metric.js';

/** The metrics that a run measures; undefined if the pinned ones cannot be read. */
export function pinnedMetrics(run: Run): readonly Metric[] | undefined {
  const read = (run.pinned ?? []).map(raw => readMetric(raw, 'pinned'));
  const metrics = read.flatMap(result => (result.ok ? [result.value] : []));
  const complete = metrics.length === run.metrics.length && metrics.length === read.length;
  return complete && run.metrics.every(({ name }, index) => metrics[index]?.name === name) ? metrics : undefined;
}

/** When a metric is due; undefined if it has ended. */
export function dueAt(state: MetricState): Instant | undefined {
  return state.phase === 'Running' ? fromRfc3339(state.dueAt) : undefined;
}

/** The earliest due time of a run. */
export function nextDue(run: Run): Instant | undefined {
  if (run.phase !== 'Running') return undefined;
  const times = run.metrics.map(dueAt).filter(time => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** The same measurement has the same key on every replica, and is counted once. */
export function measurementKey(uid: string, run: Run, state: MetricState): string {
  return [uid, run.id, state.name, state.dueAt].join('/');
}

/** Measurements that count towards `count`: errors do not. */
export function measured({ successful = 0, failed = 0, inconclusive = 0 }: MetricState): number {
  return successful + failed + inconclusive;
}
