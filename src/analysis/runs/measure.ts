/** Adds one result to a metric's counts, and determines when the next one is due. */

import type { MeasurementResult } from '../../fetch/measurement.js';
import { fromRfc3339, type Instant, startOfWait, toRfc3339 } from '../../schema/instant.js';
import type { AnalysisPhase, Measurement, MetricState } from '../../status/analysisRuns.js';
import type { Metric } from '../metric.js';
import { assess } from './assess.js';
import { evaluate, evaluateConfidential } from './evaluate.js';
import { shortMessage, shortValue } from './shorten.js';

/** Seconds after which a measurement with an error is retried, whatever the interval (Argo Rollouts). */
const ERROR_RETRY = 10;

/** Seconds after which a postponed measurement is tried again. */
const POSTPONED_FOR = 5;

/** Seconds of nothing but postponed measurements after which the metric is Inconclusive: a person decides. */
const POSTPONED_AT_MOST = 600;

/**
 * The counts with one more measurement. The result must belong to the due measurement. One that was postponed counts as
 * nothing: it is made later, and status says why; but no run waits for it for ever.
 */
export function count(metric: Metric, state: MetricState, result: MeasurementResult): MetricState {
  if (result.outcome === 'postponed') return postponed(state, result);
  const measurement = judged(metric, result);
  const counted = { ...tally(state, measurement.phase), measurements: kept(metric, state, measurement) };
  const { phase, message = measurement.message } = assess(metric, counted);
  const { dueAt: due, message: _message, postponedSince: _since, ...rest } = counted;
  const next =
    phase === 'Running' ? nextTime(metric, fromRfc3339(due) ?? result.at, result.at, measurement.phase) : undefined;
  return {
    ...rest,
    phase,
    ...(message !== undefined && { message }),
    ...(next !== undefined && { dueAt: toRfc3339(next) }),
  };
}

type Made = Exclude<MeasurementResult, { outcome: 'postponed' }>;
type Postponed = Exclude<MeasurementResult, Made>;

function postponed(state: MetricState, { at, message }: Postponed): MetricState {
  const { dueAt, ...rest } = state;
  const since = fromRfc3339(state.postponedSince) ?? startOfWait(at);
  if (at >= since + POSTPONED_AT_MOST * 1000) {
    return {
      ...rest,
      phase: 'Inconclusive',
      message: shortMessage(`not measured for ${POSTPONED_AT_MOST} s: ${message}`),
    };
  }
  return {
    ...state,
    message: shortMessage(`not measured yet: ${message}`),
    postponedSince: toRfc3339(since),
    dueAt: toRfc3339(startOfWait(at) + POSTPONED_FOR * 1000),
  };
}

function judged(metric: Metric, result: Made): Measurement {
  const at = toRfc3339(result.at);
  if (result.outcome === 'error') return { at, phase: 'Error', message: shortMessage(result.message) };
  const { value, shown = value } = result;
  const { phase, message } = 'shown' in result ? evaluateConfidential(metric, value) : evaluate(metric, value);
  return {
    at,
    phase,
    value: shortValue(shown),
    ...(message !== undefined && { message: shortMessage(message) }),
  };
}

function kept({ measurementRetention }: Metric, state: MetricState, measurement: Measurement): readonly Measurement[] {
  return [...state.measurements, measurement].slice(-measurementRetention);
}

function tally(state: MetricState, phase: AnalysisPhase): MetricState {
  const { consecutiveSuccess, consecutiveFailure, consecutiveError, ...rest } = state;
  switch (phase) {
    case 'Successful':
      return { ...rest, successful: (state.successful ?? 0) + 1, consecutiveSuccess: (consecutiveSuccess ?? 0) + 1 };
    case 'Failed':
      return { ...rest, failed: (state.failed ?? 0) + 1, consecutiveFailure: (consecutiveFailure ?? 0) + 1 };
    case 'Inconclusive':
      return { ...rest, inconclusive: (state.inconclusive ?? 0) + 1 };
    case 'Error':
      // An error is neither success nor failure: it resets consecutive successes but not consecutive failures.
      return {
        ...rest,
        error: (state.error ?? 0) + 1,
        consecutiveError: (consecutiveError ?? 0) + 1,
        ...(consecutiveFailure !== undefined && { consecutiveFailure }),
      };
    default:
      return phase satisfies never;
  }
}

/**
 * The next multiple of the interval after the due time: replicas agree on it however long a response took, equal
 * intervals stay aligned, and after a pause only one measurement is made up for.
 */
function nextTime({ interval }: Metric, due: Instant, answered: Instant, phase: AnalysisPhase): Instant | undefined {
  if (phase === 'Error') return startOfWait(Math.max(due, answered)) + ERROR_RETRY * 1000;
  if (interval === undefined) return undefined;
  const period = interval * 1000;
  return due + period * Math.max(1, Math.ceil((answered - due) / period));
}
