/**
 * Analysis as used by the rollout. One sync runs
 *
 *     readStatus(status).analysis → dueMeasurements(state.runs, context, now) → [fetched] → takeMeasurements
 *       → ensureRun for every analysis of the current step → judgeRollout → withinBounds → writeStatus
 *
 * Everything is a function of status, related objects, results and `now`; only the fetching happens elsewhere.
 */

import type { AnalysisRef } from '../api/spec.js';
import type { Measurements } from '../fetch/measurement.js';
import type { Instant } from '../schema/instant.js';
import type { JsonObject } from '../schema/json.js';
import type { Problem, Result } from '../schema/problem.js';
import type { AnalysisState, Purpose, Run, RunKind } from '../status/analysisRuns.js';
import type { AnalysisContext } from './context.js';
import { resolveHealthChecks } from './healthChecks.js';
import { advanceRun, stopRun } from './runs/advance.js';
import { affordable } from './runs/budget.js';
import { nextDue, pinnedMetrics } from './runs/run.js';
import { resolvedHash, startRun } from './runs/start.js';
import { type Resolved, resolveAnalysis } from './templates/resolve.js';

export type { AnalysisState, Purpose, Run, RunKind } from '../status/analysisRuns.js';
export type { AnalysisContext } from './context.js';
export { withinBounds } from './runs/bounds.js';
export { type Due, dueMeasurements } from './runs/due.js';
export { judgeRollout, type RollbackReason, type Verdict } from './runs/verdict.js';
export { relatedFor } from './templates/related.js';

/** What is measured: an analysis as written, or health checks with their defaults. `path` is its place in the spec. */
export type Source =
  | { readonly analysis: AnalysisRef; readonly path: string }
  | { readonly healthChecks: readonly JsonObject[]; readonly path: string };

export type Ensured =
  | {
      readonly ok: true;
      readonly state: AnalysisState;
      readonly run: Run;
      /** For a condition: the templates have changed, and the run continues with the original ones. */
      readonly note?: string;
    }
  /** It cannot start: a template or an argument is missing, or a condition is invalid. The rollout stops. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Adds the available results to the active runs, as many as one sync may judge. Returns the same state if there are none.
 */
export function takeMeasurements(
  state: AnalysisState,
  uid: string,
  measurements: Measurements,
  now: Instant,
): AnalysisState {
  const judged = affordable(state.runs, uid, measurements);
  const runs = state.runs.map(run => advanceRun(run, uid, judged, now));
  return runs.every((run, index) => run === state.runs[index]) ? state : { ...state, runs };
}

/** The current run of a purpose, started if there is none yet. Idempotent. */
export function ensureRun(
  state: AnalysisState,
  purpose: Purpose,
  source: Source,
  context: AnalysisContext,
  now: Instant,
): Ensured {
  const present = findRun(state, purpose);
  const resolved = resolve(source, context);
  if (present !== undefined && !(isContinuous(purpose.kind) && present.approved)) {
    const note = present.phase === 'Running' ? changed(present, resolved) : undefined;
    return { ok: true, state, run: present, ...(note !== undefined && { note }) };
  }
  if (!resolved.ok) return resolved;
  const running = state.runs.filter(({ phase }) => phase === 'Running');
  const run = startRun(purpose, resolved.value, running, now, source.path);
  return run.ok ? { ok: true, state: { ...state, runs: [...state.runs, run.value] }, run: run.value } : run;
}

/** The current run of a purpose; undefined if it has not started. */
export function findRun({ runs }: AnalysisState, { kind, revision, step }: Purpose): Run | undefined {
  return runs.findLast(run => run.past !== true && run.kind === kind && run.revision === revision && run.step === step);
}

/** Whether each decisive metric of the current run has ended or, if unlimited, has succeeded at least once. */
export function isAnswered(state: AnalysisState, purpose: Purpose): boolean {
  const run = findRun(state, purpose);
  if (run?.phase !== 'Running') return run?.phase === 'Successful';
  const metrics = pinnedMetrics(run);
  return run.metrics.every(({ dryRun, phase, successful = 0 }, index) => {
    const metric = metrics?.[index];
    const endless = metric !== undefined && metric.count === undefined && metric.consecutiveSuccessLimit === 0;
    return dryRun === true || phase !== 'Running' || (endless && successful > 0);
  });
}

/** Ends the active runs of these kinds with their current results. */
export function stopRuns(
  state: AnalysisState,
  kinds: readonly RunKind[],
  now: Instant,
  message: string,
): AnalysisState {
  const runs = state.runs.map(run => (kinds.includes(run.kind) ? stopRun(run, now, message) : run));
  return { ...state, runs };
}

/** Ends the active runs of these kinds; no run of these kinds affects the rollout any more. */
export function skipRuns(
  state: AnalysisState,
  kinds: readonly RunKind[],
  now: Instant,
  message: string,
): AnalysisState {
  const skipped = stopRuns(state, kinds, now, message).runs;
  const decides = ({ kind, phase, past }: Run) => kinds.includes(kind) && phase !== 'Successful' && !past;
  return { ...state, runs: skipped.map(run => (decides(run) ? { ...run, approved: true } : run)) };
}

/** Approves an inconclusive (or failed and held) run: it no longer holds the rollout. */
export function approveRun(state: AnalysisState, id: string): AnalysisState {
  return { ...state, runs: state.runs.map(run => (run.id === id ? { ...run, approved: true } : run)) };
}

/** Ends all runs of a rollout that is complete or restarts: they no longer affect it. */
export function closeRollout(state: AnalysisState, now: Instant, message: string): AnalysisState {
  return { runs: state.runs.map(run => (run.past ? run : { ...stopRun(run, now, message), past: true })) };
}

/** When the hook should be called again for a measurement, immediately if in the past; undefined if no run is active. */
export function nextMeasurement({ runs }: AnalysisState): Instant | undefined {
  const times = runs.map(nextDue).filter(time => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

function resolve(source: Source, context: AnalysisContext): Result<Resolved> {
  return 'analysis' in source
    ? resolveAnalysis(source.analysis, context, source.path)
    : resolveHealthChecks(source.healthChecks, source.path);
}

/** These run throughout the rollout: after an approval they restart, the others are done. */
function isContinuous(kind: RunKind): boolean {
  return kind === 'background' || kind === 'healthCheck';
}

function changed(run: Run, resolved: Result<Resolved>): string | undefined {
  if (!resolved.ok)
    return `${run.kind} analysis continues with its original templates: ${resolved.problems[0]?.problem ?? 'its templates cannot be read'}`;
  if (resolvedHash(resolved.value) === run.resolved) return undefined;
  return `${run.kind} analysis continues with its original templates: they or their arguments have changed`;
}
