/** What the next sync needs in addition to its observations. */
import { type Instant, startOfWait } from '../schema/instant.js';
import type { Bookkeeping } from '../status/bookkeeping.js';
import type { Context } from './context.js';
import { waitingForPersonSince } from './judgement/deadline.js';
import { progressOf } from './judgement/progress.js';
import type { RolloutPlan } from './plan.js';
import { stepsHash } from './position.js';
import { isRunning } from './revisions.js';
import type { Wait } from './wait.js';

export function remember(context: Context, plan: RolloutPlan, wait: Wait | undefined): Bookkeeping {
  const { observation, revisions, reverting, position } = context;
  const { heldSince } = position;
  const goesOn = isRunning(revisions) && plan.stable !== revisions.updated.hash;
  const progress = progressOf(context, plan, wait);
  return {
    setupHash: (reverting && wait && observation.memory.setupHash) || context.setupHash,
    stepsHash: stepsHash(observation.spec),
    ...(plan.gate && { gate: plan.gate }),
    promoteFull: goesOn && position.promoteFull,
    ...(heldSince !== undefined && { heldSince }),
    ...(goesOn && !position.abort && { startedAt: startedAt(context, plan) }),
    ...(progress && { progress }),
    scaleDownAt: plan.scaleDownAt,
    ...(plan.routeSeen && { routeSeen: plan.routeSeen }),
  };
}

/** When the steps started. Time spent waiting for a person is not counted once the person has acted. */
export function startedAt(context: Context, plan: RolloutPlan): Instant {
  const { approvalGate, findings, stop, position } = context;
  const now = startOfWait(context.now);
  const since = waitingForPersonSince(context, findings);
  const stillWaits = approvalGate ? plan.gate?.step === approvalGate.step : stop?.reason === 'InconclusiveAnalysis';
  const waited = since === undefined || stillWaits ? 0 : Math.max(0, now - since);
  return Math.min((position.startedAt ?? now) + waited, now);
}
