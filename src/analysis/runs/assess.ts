import type { AnalysisPhase, MetricState, RunPhase } from '../../status/analysisRuns.js';
import type { Metric } from '../metric.js';
import { measured } from './run.js';

export interface Assessment {
  readonly phase: RunPhase;
  /** The exceeded limit. */
  readonly message?: string;
}

/** The phase of a metric by its counts and limits; the first rule that applies decides. Argo Rollouts' rules. */
export function assess(metric: Metric, state: MetricState): Assessment {
  const passed = limits.find(limit => limit.passed(metric, state));
  if (passed !== undefined) return { phase: passed.phase, message: passed.message(metric, state) };
  if (reachedSuccesses(metric, state)) return { phase: 'Successful' };
  if (metric.count === undefined || measured(state) < metric.count) return { phase: 'Running' };
  return atCount(metric, state);
}

interface Limit {
  readonly phase: AnalysisPhase;
  readonly passed: (metric: Metric, state: MetricState) => boolean;
  readonly message: (metric: Metric, state: MetricState) => string;
}

const limits: readonly Limit[] = [
  {
    phase: 'Failed',
    passed: ({ failureThreshold }, { consecutiveFailure = 0 }) =>
      failureThreshold !== undefined && consecutiveFailure >= failureThreshold,
    message: ({ failureThreshold }) => `${failureThreshold} consecutive failures`,
  },
  {
    phase: 'Failed',
    passed: ({ failureLimit }, { failed = 0 }) => failureLimit >= 0 && failed > failureLimit,
    message: ({ failureLimit }, { failed = 0 }) => `failed (${failed}) > failureLimit (${failureLimit})`,
  },
  {
    phase: 'Inconclusive',
    passed: ({ inconclusiveLimit }, { inconclusive = 0 }) => inconclusive > inconclusiveLimit,
    message: ({ inconclusiveLimit }, { inconclusive = 0 }) =>
      `inconclusive (${inconclusive}) > inconclusiveLimit (${inconclusiveLimit})`,
  },
  {
    phase: 'Error',
    passed: ({ consecutiveErrorLimit }, { consecutiveError = 0 }) => consecutiveError > consecutiveErrorLimit,
    message: ({ consecutiveErrorLimit }, { consecutiveError = 0 }) =>
      `consecutive errors (${consecutiveError}) > consecutiveErrorLimit (${consecutiveErrorLimit}): the metrics system did not respond`,
  },
];

function reachedSuccesses({ consecutiveSuccessLimit }: Metric, { consecutiveSuccess = 0 }: MetricState): boolean {
  return consecutiveSuccessLimit > 0 && consecutiveSuccess >= consecutiveSuccessLimit;
}

/** All measurements are made within the limits: it succeeded, unless consecutive successes are required. */
function atCount({ count, failureLimit, consecutiveSuccessLimit }: Metric, state: MetricState): Assessment {
  if (consecutiveSuccessLimit === 0) return { phase: 'Successful' };
  const row = `${state.consecutiveSuccess ?? 0} of ${consecutiveSuccessLimit} consecutive successes after ${count} measurements`;
  return { phase: failureLimit >= 0 ? 'Inconclusive' : 'Failed', message: row };
}
