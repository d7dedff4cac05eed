/** Whether the measurements let a rollout continue. */

import type { AutoRollback } from '../../api/spec.js';
import type { AbortReason } from '../../status/abortReasons.js';
import type { AnalysisState, Measurement, MetricState, Run } from '../../status/analysisRuns.js';
import { shortMessage } from './shorten.js';
import { exceeds, tallyRuns } from './threshold.js';

export type RollbackReason = Extract<
  AbortReason,
  'AnalysisFailed' | 'AnalysisError' | 'HealthCheckFailed' | 'ErrorThresholdExceeded'
>;

export type Verdict =
  /** Nothing prevents it. The analysis of a step may still be running: see `Run.phase`. */
  | { readonly verdict: 'proceed' }
  /** A person decides: an inconclusive run, or a failed one that autoRollback does not act on. */
  | { readonly verdict: 'hold'; readonly run: Run; readonly message: string }
  | {
      readonly verdict: 'rollback';
      readonly reason: RollbackReason;
      /** What triggered it, in one sentence: metric, limit and last value. */
      readonly message: string;
      readonly run: Run;
      readonly metric?: string;
      readonly measurement?: Measurement;
    };

/** The first that applies: health checks, the error threshold, a failed analysis, an inconclusive one. */
export function judgeRollout(state: AnalysisState, autoRollback?: AutoRollback): Verdict {
  const runs = state.runs.filter(run => run.past !== true && run.approved !== true);
  const acting = autoRollback?.enabled === true ? autoRollback : undefined;
  const failures = runs.filter(({ phase }) => phase === 'Failed' || phase === 'Error');
  const unhealthy = failures.find(({ kind }) => kind === 'healthCheck');
  if (unhealthy !== undefined && acting?.onHealthCheckFailure !== false)
    return rollback(unhealthy, unhealthy.phase === 'Error' ? 'AnalysisError' : 'HealthCheckFailed');
  const threshold = overThreshold(state, acting);
  if (threshold !== undefined) return threshold;
  const failed = failures.find(({ kind }) => kind !== 'healthCheck');
  if (failed !== undefined && acting?.onAnalysisFailure !== false) {
    return rollback(failed, failed.phase === 'Error' ? 'AnalysisError' : 'AnalysisFailed');
  }
  const held = unhealthy ?? failed ?? runs.find(({ phase }) => phase === 'Inconclusive');
  if (held === undefined) return { verdict: 'proceed' };
  return { verdict: 'hold', run: held, message: held.message ?? `analysis ${held.phase}` };
}

function rollback(run: Run, reason: RollbackReason): Verdict {
  const culprit = run.metrics.find(({ phase, dryRun }) => phase === run.phase && dryRun !== true);
  return { verdict: 'rollback', reason, run, message: run.message ?? `analysis ${run.phase}`, ...evidence(culprit) };
}

function overThreshold(state: AnalysisState, autoRollback: AutoRollback | undefined): Verdict | undefined {
  const threshold = autoRollback?.errorThreshold;
  if (threshold === undefined) return undefined;
  const tally = tallyRuns(state.runs, state.dropped);
  const run = state.runs.filter(({ past }) => past !== true).findLast(({ metrics }) => metrics.some(hasBad));
  if (run === undefined || !exceeds(tally, threshold)) return undefined;
  const shown = evidence(run.metrics.find(hasBad));
  const last = shown.measurement?.value ?? shown.measurement?.message;
  const message = shortMessage(
    `${tally.bad} of ${tally.total} measurements failed or returned errors, errorThreshold is ${threshold}; last result of metric "${shown.metric}": ${last}`,
  );
  return { verdict: 'rollback', reason: 'ErrorThresholdExceeded', run, message, ...shown };
}

function hasBad({ dryRun, failed = 0, error = 0 }: MetricState): boolean {
  return dryRun !== true && failed + error > 0;
}

function evidence(state: MetricState | undefined): { readonly metric?: string; readonly measurement?: Measurement } {
  const measurement = state?.measurements.findLast(({ phase }) => phase !== 'Successful') ?? state?.measurements.at(-1);
  return {
    ...(state !== undefined && { metric: state.name }),
    ...(measurement !== undefined && { measurement }),
  };
}
