import { type AnalysisState, nextMeasurement } from '../analysis/analysis.js';
import { earliest, type Instant } from '../schema/instant.js';
import type { Bookkeeping } from '../status/bookkeeping.js';
import type { Context } from './context.js';
import { timeoutSeconds } from './judgement/deadline.js';
import { deadlineOf } from './judgement/progress.js';
import type { RolloutPlan } from './plan.js';
import { startedAt } from './remember.js';
import { isRunning } from './revisions.js';
import { isForPerson, type Wait } from './wait.js';

/** When to sync even if nothing changes: at the earliest time that the decision waits for. */
export function wakeAt(
  context: Context,
  plan: RolloutPlan,
  wait: Wait | undefined,
  { progress }: Bookkeeping,
  analysis: AnalysisState,
): Instant | undefined {
  const { now } = context;
  const times = [
    ...plan.waits.map(each => ('until' in each ? each.until : undefined)),
    plan.settlesAt,
    ...Array.from(plan.scaleDownAt.values(), ({ at }) => at),
    deadlineOf(context, progress),
    timeoutAt(context, plan, wait),
  ].filter(at => at !== undefined && at > now);
  // An overdue measurement is in progress: the next sync collects its result.
  return earliest([...times, nextMeasurement(analysis)]);
}

function timeoutAt(context: Context, plan: RolloutPlan, wait: Wait | undefined): Instant | undefined {
  const { observation, revisions, position } = context;
  const seconds = timeoutSeconds(observation);
  const counts = isRunning(revisions) && !position.abort && !(wait && isForPerson(wait));
  return counts && seconds !== undefined ? startedAt(context, plan) + seconds * 1000 : undefined;
}
