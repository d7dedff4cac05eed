/** The metrics of the current analysis, and the result of a finished one. */

import { measured, pinnedMetrics } from '../../../src/analysis/runs/run.js';
import type { RollbackReason } from '../../../src/analysis/runs/verdict.js';
import type { AnalysisPhase, Run, RunPhase } from '../../../src/status/analysisRuns.js';
import { readStatus } from '../../../src/status/status.js';

export interface MetricPicture {
  readonly name: string;
  readonly phase: RunPhase;
  /** Number of measurements, not counting errors. */
  readonly measured: number;
  /** Planned number of measurements; absent: unlimited or no longer known. */
  readonly count?: number;
  /** The last one. */
  readonly last?: {
    readonly phase: AnalysisPhase;
    readonly text: string;
    /** The rollout was rolled back in the sync that read it. */
    readonly rolledBack?: true;
  };
}

/** Metrics of every analysis that runs or waits for a person; after a rollback, of the one that caused it. */
export function metricPictures(status: unknown): readonly MetricPicture[] {
  const { abort, updatedRevision, analysis } = readStatus(status);
  const open = analysis.runs.filter(({ phase }) => phase !== 'Successful');
  if (abort === undefined) return open.filter(({ past }) => past !== true).flatMap(run => metricsOf(run));
  if (!REASONS.includes(abort.reason)) return [];
  return open
    .filter(({ revision }) => revision === updatedRevision)
    .slice(-1)
    .flatMap(run => metricsOf(run, abort.at));
}

const REASONS: readonly string[] = [
  'AnalysisFailed',
  'AnalysisError',
  'HealthCheckFailed',
  'ErrorThresholdExceeded',
] satisfies readonly RollbackReason[];

function metricsOf(run: Run, takenBackAt?: string): readonly MetricPicture[] {
  const counts = new Map(pinnedMetrics(run)?.map(({ name, count }) => [name, count]));
  return run.metrics.map(state => {
    const { name, phase, measurements } = state;
    const count = counts.get(name);
    const last = measurements.at(-1);
    const rolledBack = last !== undefined && last.phase !== 'Successful' && last.at === takenBackAt;
    return {
      name,
      phase,
      measured: measured(state),
      ...(count !== undefined && { count }),
      ...(last && {
        last: {
          phase: last.phase,
          text: valueText(last.value ?? last.message ?? ''),
          ...(rolledBack && { rolledBack }),
        },
      }),
    };
  });
}

/** `{"requests":31,"failures":0}` → `requests 31, failures 0`; any other value stays unchanged. */
function valueText(value: string): string {
  try {
    const members = Object.entries(JSON.parse(value) as object);
    const isFlat = members.length > 0 && members.every(([, member]) => typeof member !== 'object' || member === null);
    return isFlat && value.startsWith('{') ? members.map(([name, member]) => `${name} ${member}`).join(', ') : value;
  } catch {
    return value;
  }
}
