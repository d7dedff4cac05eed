/**
 * Status stays small: what analysis keeps in it is under 64 KiB whatever is measured. Old runs go first, then old
 * measurements, then long texts; counts stay, and with them everything that decides.
 */
import type { AnalysisState, MetricState, Run } from '../../status/analysisRuns.js';
import { cut } from './shorten.js';
import { tallyRuns } from './threshold.js';

export const MAX_STATUS_BYTES = 64 * 1024;

/** How many ended runs are kept to be looked at. */
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
 * The newest ended runs of each sort, every run that goes on, and of the present rollout the newest of each kind: it
 * says that this analysis has been made. Oldest first as before.
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

/** What goes into status. `limits` are `Spec.analysisHistory`. */
export function withinBounds(state: AnalysisState, limits?: HistoryLimits): AnalysisState {
  const { runs, dropped } = fitStatus(state.runs, limits);
  const totals = tallyRuns(dropped, state.dropped);
  return { runs, ...(totals.total > 0 && { dropped: totals }) };
}

/** Each takes more away than the one before. */
const squeezes: readonly ((runs: readonly Run[]) => readonly Run[])[] = [
  runs => runs,
  runs => runs.map(run => (run.phase === 'Running' ? run : shortened(run, 3, 60))),
  runs => runs.map(run => shortened(run, 5, 60)),
  runs => runs.map(run => shortened(run, run.phase === 'Running' ? 2 : 1, 40)),
  runs => runs.map(run => shortened(run, run.phase === 'Running' ? 1 : 0, 20)),
  runs => runs.map(run => (run.phase === 'Running' ? shortened(run, 0, 0) : outcomeOnly(run))),
];

/** The runs with as much of their measurements as there is room for; if that is not enough, fewer ended runs. */
export function fitStatus(runs: readonly Run[], limits: HistoryLimits = HISTORY): Trimmed {
  const trimmed = trimHistory(runs, limits);
  const fitting = squeezes
    .map(squeeze => squeeze(trimmed.runs))
    .find(squeezed => byteSize(squeezed) <= MAX_STATUS_BYTES);
  if (fitting !== undefined) return { runs: fitting, dropped: trimmed.dropped };
  const most = Math.max(limits.successful, limits.unsuccessful) - 1;
  // What is left at 0 fits: start.ts lets no run begin that would not.
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

/** Phase, due time and counts of a metric, beside its name. */
const COUNTS = 320;

/** What a run that goes on takes in status at least, however much of its measurements is left out. */
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

/** Of an ended run, the metrics that made it end so: its own message says the rest. */
function outcomeOnly(run: Run): Run {
  return shortened({ ...run, metrics: run.metrics.filter(({ phase }) => phase === run.phase).slice(0, 1) }, 0, 20);
}
