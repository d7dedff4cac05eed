import type { AnalysisPhase, MetricState, RunPhase } from '../../status/analysisRuns.js';
import type { Metric } from '../metric.js';
import { measured } from './run.js';

export interface Assessment {
  readonly phase: RunPhase;
  /** Which limit was passed. */
  readonly message?: string;
}

/** What the counts of a metric say, by its limits; the first rule that applies speaks. Argo Rollouts' rules. */
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
    message: ({ failureThreshold }) => `${failureThreshold} failures in a row`,
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
      `errors in a row (${consecutiveError}) > consecutiveErrorLimit (${consecutiveErrorLimit}): the metrics system gave no answer`,
  },
];

function reachedSuccesses({ consecutiveSuccessLimit }: Metric, { consecutiveSuccess = 0 }: MetricState): boolean {
  return consecutiveSuccessLimit > 0 && consecutiveSuccess >= consecutiveSuccessLimit;
}

/** All measurements are made and no limit is passed: it succeeded, unless successes in a row were asked for. */
function atCount({ count, failureLimit, consecutiveSuccessLimit }: Metric, state: MetricState): Assessment {
  if (consecutiveSuccessLimit === 0) return { phase: 'Successful' };
  const row = `${state.consecutiveSuccess ?? 0} of ${consecutiveSuccessLimit} successes in a row after ${count} measurements`;
  return { phase: failureLimit >= 0 ? 'Inconclusive' : 'Failed', message: row };
}
