/** autoRollback.onFailure.errorThreshold: how much of everything that was measured in a rollout may be bad. */

import type { IntOrPercent } from '../../schema/intOrPercent.js';
import type { MetricState, Run, Tally } from '../../status/analysisRuns.js';

/** A share of fewer measurements says nothing. */
const SHARE_FROM = 10;

const NONE: Tally = { total: 0, bad: 0 };

/** Metrics that only run dry are not counted; inconclusive ones are counted, and not as bad. */
export function tallyOf(states: readonly MetricState[]): Tally {
  return states
    .filter(({ dryRun }) => dryRun !== true)
    .map(({ successful = 0, failed = 0, inconclusive = 0, error = 0 }) => ({
      total: successful + failed + inconclusive + error,
      bad: failed + error,
    }))
    .reduce(add, NONE);
}

/** Of the runs of the present rollout. */
export function tallyRuns(runs: readonly Run[], before: Tally = NONE): Tally {
  return runs
    .filter(({ past }) => past !== true)
    .map(run => run.tally ?? tallyOf(run.metrics))
    .reduce(add, before);
}

/** `5` is exceeded by the sixth; `20%` by more than a fifth of at least ten. */
export function exceeds({ total, bad }: Tally, threshold: IntOrPercent): boolean {
  if (typeof threshold === 'number') return bad > threshold;
  if (!threshold.endsWith('%')) return bad > Number(threshold);
  return total >= SHARE_FROM && (bad / total) * 100 > Number.parseFloat(threshold);
}

function add(left: Tally, right: Tally): Tally {
  return { total: left.total + right.total, bad: left.bad + right.bad };
}
