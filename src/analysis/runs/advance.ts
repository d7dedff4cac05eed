import type { Measurements } from '../../fetch/measurement.js';
import { type Instant, startOfWait, toRfc3339 } from '../../schema/instant.js';
import type { AnalysisPhase, MetricState, Run } from '../../status/analysisRuns.js';
import type { Metric } from '../metric.js';
import { count } from './measure.js';
import { worst } from './phase.js';
import { measured, measurementKey, pinnedMetrics } from './run.js';
import { shortMessage } from './shorten.js';
import { tallyOf } from './threshold.js';

/**
 * The run with new measurements. Only a result of the measurement that is due counts, and it advances the due time: a
 * repeated, late or out-of-order result changes nothing. Returns the same run if there is no result.
 */
export function advanceRun(run: Run, uid: string, measurements: Measurements, now: Instant): Run {
  if (run.phase !== 'Running') return run;
  const metrics = pinnedMetrics(run);
  if (metrics === undefined) {
    return finish(run, run.metrics, now, {
      phase: 'Error',
      message: 'its metrics in status cannot be read',
    });
  }
  const states = run.metrics.map((state, index) => advance(state, metrics[index], run, uid, measurements));
  if (states.every((state, index) => state === run.metrics[index])) return run;
  const decided = states.some(endsRun);
  if (!decided && states.some(({ phase }) => phase === 'Running')) return { ...run, metrics: states };
  return finish(run, states, now, verdict(states));
}

/** Ends a run that is no longer needed, with the phase of its worst metric. */
export function stopRun(run: Run, now: Instant, message: string): Run {
  return run.phase === 'Running' ? finish(run, run.metrics, now, { ...verdict(run.metrics), message }) : run;
}

function advance(state: MetricState, metric: Metric | undefined, run: Run, uid: string, measurements: Measurements) {
  if (state.phase !== 'Running' || metric === undefined) return state;
  const result = measurements.get(measurementKey(uid, run, state));
  return result === undefined ? state : count(metric, state, result);
}

/** A failed, erroneous or inconclusive metric ends the run, except in dry-run mode. */
function endsRun({ phase, dryRun }: MetricState): boolean {
  return dryRun !== true && phase !== 'Running' && phase !== 'Successful';
}

interface Ending {
  readonly phase: AnalysisPhase;
  readonly message?: string;
}

function verdict(states: readonly MetricState[]): Ending {
  const decisive = states.filter(endsRun);
  const phase = worst(decisive.flatMap(state => (state.phase === 'Running' ? [] : [state.phase])));
  const culprit = decisive.find(state => state.phase === phase);
  return culprit === undefined ? { phase } : { phase, message: sentence(culprit) };
}

/** `metric "error-rate" Failed: failed (1) > failureLimit (0), last value 0.2`. */
function sentence(state: MetricState): string {
  const last = state.measurements.at(-1);
  const shown = last?.value === undefined ? last?.message : `last value ${last.value}`;
  const parts = [state.message, shown].filter(part => part !== undefined);
  return shortMessage(`metric "${state.name}" ${state.phase}: ${[...new Set(parts)].join(', ')}`);
}

function finish(run: Run, states: readonly MetricState[], now: Instant, ending: Ending): Run {
  const { pinned: _pinned, secrets: _secrets, message: _message, ...rest } = run;
  return {
    ...rest,
    ...ending,
    finishedAt: toRfc3339(startOfWait(now)),
    tally: tallyOf(states),
    metrics: states.map(stopped),
  };
}

/** A metric that was stopped by others has not failed; it is Successful, as in Argo Rollouts. */
function stopped(state: MetricState): MetricState {
  if (state.phase !== 'Running') return state;
  const { dueAt: _, ...rest } = state;
  return { ...rest, phase: 'Successful', message: `stopped when the run ended, after ${measured(state)} measurements` };
}
