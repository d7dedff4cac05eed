/**
 * Keeps status small: analysis takes less than 64 KiB in it. Old runs are removed first, then old measurements, then long
 * strings; counts are kept, so no decision changes.
 */
import type { AnalysisState, MetricState, Run } from '../../status/analysisRuns.js';
import { cut } from './shorten.js';
import { tallyRuns } from './threshold.js';

export const MAX_STATUS_BYTES = 64 * 1024;

/** Number of finished runs to keep. */
export interface HistoryLimits {
  readonly successful: number;
  readonly unsuccessful: number;
}

export const HISTORY: HistoryLimits = { successful: 5, unsuccessful: 5 };

export interface Trimmed {
  readonly runs: readonly Run[];
  readonly dropped: readonly Run[];
}

/**
 * The newest finished runs of each sort, every active run, and the newest run of each kind of the current rollout, which
 * shows that this analysis was made. Oldest first.
 */
export function trimHistory(runs: readonly Run[], limits: HistoryLimits = HISTORY): Trimmed {
  const ended = runs.filter((run, index) => run.phase !== 'Running' && !speaks(run, runs.slice(index + 1)));
  const successful = ended.filter(({ phase }) => phase === 'Successful');
  const unsuccessful = ended.filter(({ phase }) => phase !== 'Successful');
  const dropped = new Set([...allBut(successful, limits.successful), ...allBut(unsuccessful, limits.unsuccessful)]);
  return { runs: runs.filter(run => !dropped.has(run)), dropped: [...dropped] };
}

function speaks(run: Run, later: readonly Run[]): boolean {
  return run.past !== true && !later.some(({ kind }) => kind === run.kind);
}

function allBut(runs: readonly Run[], kept: number): readonly Run[] {
  return runs.slice(0, Math.max(0, runs.length - kept));
}

/** The analysis state for status. `limits` are `Spec.analysisHistory`. */
export function withinBounds(state: AnalysisState, limits?: HistoryLimits): AnalysisState {
  const { runs, dropped } = fitStatus(state.runs, limits);
  const totals = tallyRuns(dropped, state.dropped);
  return { runs, ...(totals.total > 0 && { dropped: totals }) };
}

/** Each removes more than the previous one. */
const squeezes: readonly ((runs: readonly Run[]) => readonly Run[])[] = [
  runs => runs,
  runs => runs.map(run => (run.phase === 'Running' ? run : shortened(run, 3, 60))),
  runs => runs.map(run => shortened(run, 5, 60)),
  runs => runs.map(run => shortened(run, run.phase === 'Running' ? 2 : 1, 40)),
  runs => runs.map(run => shortened(run, run.phase === 'Running' ? 1 : 0, 20)),
  runs => runs.map(run => (run.phase === 'Running' ? shortened(run, 0, 0) : outcomeOnly(run))),
];

/** The runs with as many measurements as fit; if that is not enough, fewer finished runs. */
export function fitStatus(runs: readonly Run[], limits: HistoryLimits = HISTORY): Trimmed {
  const trimmed = trimHistory(runs, limits);
  const fitting = squeezes
    .map(squeeze => squeeze(trimmed.runs))
    .find(squeezed => byteSize(squeezed) <= MAX_STATUS_BYTES);
  if (fitting !== undefined) return { runs: fitting, dropped: trimmed.dropped };
  const most = Math.max(limits.successful, limits.unsuccessful) - 1;
  // The rest fits: start.ts refuses runs that would not.
  if (most < 0) return { runs: squeezes.at(-1)?.(trimmed.runs) ?? [], dropped: trimmed.dropped };
  return fitStatus(runs, {
    successful: Math.min(limits.successful, most),
    unsuccessful: Math.min(limits.unsuccessful, most),
  });
}

/** Bytes of a value in a request to the API server. */
export function byteSize(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** Phase, due time and counts of a metric, in addition to its name. */
const COUNTS = 320;

/** Minimum size of an active run in status, without measurements. */
export function footprint(run: Run): number {
  return byteSize({ ...run, metrics: run.metrics.map(({ name }) => name) }) + COUNTS * run.metrics.length;
}

function shortened(run: Run, measurements: number, characters: number): Run {
  return { ...run, metrics: run.metrics.map(state => shortenedState(state, measurements, characters)) };
}

function shortenedState(state: MetricState, measurements: number, characters: number): MetricState {
  const { message, ...rest } = state;
  return {
    ...rest,
    ...(message !== undefined && characters > 0 && { message: cut(message, characters) }),
    measurements: (measurements === 0 ? [] : state.measurements.slice(-measurements)).map(measurement => ({
      ...measurement,
      ...(measurement.value !== undefined && { value: cut(measurement.value, characters) }),
      ...(measurement.message !== undefined && { message: cut(measurement.message, characters) }),
    })),
  };
}

/** The metrics that decided a finished run; its message has the rest. */
function outcomeOnly(run: Run): Run {
  return shortened({ ...run, metrics: run.metrics.filter(({ phase }) => phase === run.phase).slice(0, 1) }, 0, 20);
}
