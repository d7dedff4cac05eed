/**
 * One analysis under way or ended, as it stands in `status.analysisRuns`. Everything that decides is in it, so that
 * any replica of the hook goes on where another one stopped.
 */
import { fromRfc3339, type Instant } from '../../schema/instant.js';
import type { JsonObject } from '../../schema/json.js';
import { type Metric, readMetric } from '../metric.js';
import type { SecretArg } from '../templates/args.js';
import type { Phase, RunPhase } from './phase.js';

export const RUN_KINDS = ['step', 'background', 'prePromotion', 'postPromotion', 'healthCheck'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** What a run is for. There is at most one present run of each purpose. */
export interface Purpose {
  readonly kind: RunKind;
  /** Revision that is judged. */
  readonly revision: string;
  /** Index of the step, of kind `step`. */
  readonly step?: number;
}

export interface Measurement {
  readonly at: string;
  readonly phase: Phase;
  /** Shortened. */
  readonly value?: string;
  readonly message?: string;
}

/** Counts are left out while they are 0. */
export interface MetricState {
  readonly name: string;
  readonly phase: RunPhase;
  readonly message?: string;
  readonly dryRun?: true;
  /** When the next measurement is due; with the run and the metric it is the measurement's key. */
  readonly dueAt?: string;
  readonly successful?: number;
  readonly failed?: number;
  readonly inconclusive?: number;
  readonly error?: number;
  readonly consecutiveSuccess?: number;
  readonly consecutiveFailure?: number;
  readonly consecutiveError?: number;
  /** The last ones, oldest first. */
  readonly measurements: readonly Measurement[];
}

/** Measurements of the metrics that decide, and those of them that failed or erred. */
export interface Tally {
  readonly total: number;
  readonly bad: number;
}

export interface Run extends Purpose {
  readonly id: string;
  readonly phase: RunPhase;
  readonly message?: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  /** A person let an inconclusive run pass. */
  readonly approved?: true;
  /** Of a rollout that is over: shown, and counted nowhere. */
  readonly past?: true;
  /** Hash of what the templates said when the run began. */
  readonly resolved?: string;
  /** Once it has ended: its metrics may be shortened later. */
  readonly tally?: Tally;
  readonly metrics: readonly MetricState[];
  /** What is measured, while the run goes on: a template that changes meanwhile changes nothing. */
  readonly pinned?: readonly JsonObject[];
  readonly secrets?: readonly SecretArg[];
}

/** The metrics that a run measures; undefined when what is pinned cannot be read any more. */
export function pinnedMetrics(run: Run): readonly Metric[] | undefined {
  const read = (run.pinned ?? []).map(raw => readMetric(raw, 'pinned'));
  const metrics = read.flatMap(result => (result.ok ? [result.value] : []));
  const complete = metrics.length === run.metrics.length && metrics.length === read.length;
  return complete && run.metrics.every(({ name }, index) => metrics[index]?.name === name) ? metrics : undefined;
}

/** When a metric is due; undefined when it has ended. */
export function dueAt(state: MetricState): Instant | undefined {
  return state.phase === 'Running' ? fromRfc3339(state.dueAt) : undefined;
}

/** The earliest time at which anything of a run is due. */
export function nextDue(run: Run): Instant | undefined {
  if (run.phase !== 'Running') return undefined;
  const times = run.metrics.map(dueAt).filter(time => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** The same question has the same key wherever it is asked, and is counted once. */
export function measurementKey(uid: string, run: Run, state: MetricState): string {
  return [uid, run.id, state.name, state.dueAt].join('/');
}

/** Measurements that count towards `count`: errors do not. */
export function measured({ successful = 0, failed = 0, inconclusive = 0 }: MetricState): number {
  return successful + failed + inconclusive;
}
