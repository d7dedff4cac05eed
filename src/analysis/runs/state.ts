/** What status remembers of analysis: read as if any of it might not be there, written within its bounds. */
import { fromRfc3339 } from '../../schema/instant.js';
import { fitStatus, type HistoryLimits } from './bounds.js';
import { isPhase } from './phase.js';
import { type MetricState, RUN_KINDS, type Run, type Tally } from './run.js';
import { tallyRuns } from './threshold.js';

export interface AnalysisState {
  /** Oldest first. */
  readonly runs: readonly Run[];
  /** Of runs of the present rollout that are no longer kept. */
  readonly dropped?: Tally;
}

/** As it stands in StormService.status. */
export interface AnalysisStatus {
  readonly analysisRuns?: readonly Run[];
  readonly analysisTotals?: Tally;
}

/** `status` is the StormService's, as it was observed. What cannot be understood is left out. */
export function readAnalysisState(status: unknown): AnalysisState {
  const { analysisRuns, analysisTotals } = record(status);
  const runs = Array.isArray(analysisRuns) ? analysisRuns.filter(isRun) : [];
  const { total, bad } = record(analysisTotals);
  const known = typeof total === 'number' && typeof bad === 'number';
  return { runs, ...(known && { dropped: { total, bad } }) };
}

/** To be spread into the status. Absent fields: nothing to remember. `limits` are `Spec.analysisHistory`. */
export function writeAnalysisState(state: AnalysisState, limits?: HistoryLimits): AnalysisStatus {
  const { runs, dropped } = fitStatus(state.runs, limits);
  const totals = tallyRuns(dropped, state.dropped);
  return {
    ...(runs.length > 0 && { analysisRuns: runs }),
    ...(totals.total > 0 && { analysisTotals: totals }),
  };
}

function isRun(value: unknown): value is Run {
  const { id, kind, revision, phase, startedAt, metrics, pinned, secrets } = record(value);
  return (
    typeof id === 'string' &&
    (RUN_KINDS as readonly unknown[]).includes(kind) &&
    typeof revision === 'string' &&
    isRunPhase(phase) &&
    fromRfc3339(startedAt) !== undefined &&
    Array.isArray(metrics) &&
    metrics.every(isMetricState) &&
    [pinned, secrets].every(isListOfObjects)
  );
}

function isMetricState(value: unknown): value is MetricState {
  const { name, phase, measurements, ...rest } = record(value);
  const { dueAt: due, message: _message, dryRun: _dry, ...counts } = rest;
  return (
    typeof name === 'string' &&
    isRunPhase(phase) &&
    Array.isArray(measurements) &&
    // Without a due time it would never be asked, and its run never end.
    (phase !== 'Running' || fromRfc3339(due) !== undefined) &&
    Object.values(counts).every(count => typeof count === 'number')
  );
}

function isListOfObjects(value: unknown): boolean {
  return (
    value === undefined || (Array.isArray(value) && value.every(item => typeof item === 'object' && item !== null))
  );
}

function isRunPhase(value: unknown): boolean {
  return value === 'Running' || isPhase(value);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
