/** autoRollback.onFailure.errorThreshold: how many measurements of a rollout may be bad. */

import type { IntOrPercent } from '../../schema/intOrPercent.js';
import type { MetricState, Run, Tally } from '../../status/analysisRuns.js';

/** A percentage of fewer measurements is not significant. */
const SHARE_FROM = 10;

const NONE: Tally = { total: 0, bad: 0 };

/** Dry-run metrics are not counted; inconclusive measurements count, but not as bad. */
export function tallyOf(states: readonly MetricState[]): Tally {
  return states
    .filter(({ dryRun }) => dryRun !== true)
    .map(({ successful = 0, failed = 0, inconclusive = 0, error = 0 }) => ({
      total: successful + failed + inconclusive + error,
      bad: failed + error,
    }))
    .reduce(add, NONE);
}

/** Totals of the runs of the current rollout. */
export function tallyRuns(runs: readonly Run[], before: Tally = NONE): Tally {
  return runs
    .filter(({ past }) => past !== true)
    .map(run => run.tally ?? tallyOf(run.metrics))
    .reduce(add, before);
}

/** `5` is exceeded by the sixth, `20%` by more than a fifth of at least ten. */
export function exceeds({ total, bad }: Tally, threshold: IntOrPercent): boolean {
  if (typeof threshold === 'number') return bad > threshold;
  if (!threshold.endsWith('%')) return bad > Number(threshold);
  return total >= SHARE_FROM && (bad / total) * 100 > Number.parseFloat(threshold);
}

function add(left: Tally, right: Tally): Tally {
  return { total: left.total + right.total, bad: left.bad + right.bad };
}
