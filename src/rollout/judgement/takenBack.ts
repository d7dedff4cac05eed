/** Whether a rollout is taken back in this sync, and the time that counts for that. */
import type { AutoRollback } from '../../api/spec.js';
import type { Observation } from '../../observe/observation.js';
import { type Instant, startOfWait, toRfc3339 } from '../../schema/instant.js';
import type { Abort } from '../../status/rolloutStatus.js';
import type { Plan } from '../plan.js';
import { aborted, type Position } from '../position.js';
import { isRunning } from '../situation.js';
import { stepsOf } from '../steps.js';
import type { Case } from './case.js';
import type { Judgement } from './judgement.js';

/** The position after what was measured, and the time that has passed, have had their say. */
export function takenBack(
  { position, situation, observation, now }: Case,
  judged: Judgement,
  waitsForPerson: boolean,
  late: boolean,
): Position {
  if (position.abort) return position;
  // A first deployment that is slow may still come: only what was measured rejects it.
  const overdue = () =>
    isRunning(situation) ? abortInTime(observation, position, waitsForPerson, late, now) : undefined;
  const abort = judged.abort ?? overdue();
  return abort ? aborted(position, abort) : position;
}

/** Too long without progress, or too long in all. */
function abortInTime(
  observation: Observation,
  position: Position,
  waitsForPerson: boolean,
  late: boolean,
  now: Instant,
): Abort | undefined {
  const { spec } = observation;
  if (late && spec.progressDeadlineAbort) return deadlineAbort(observation, now);
  const { autoRollback } = spec.strategy;
  if (waitsForPerson || !timedOut(autoRollback, position.startedAt, now)) return undefined;
  return {
    reason: 'RolloutTimeout',
    message: `the rollout took longer than autoRollback.onTimeout (${autoRollback?.timeoutSeconds} s)`,
    at: toRfc3339(startOfWait(now)),
  };
}

/** A person is waited for as status shows it. */
interface Waited {
  readonly since: Instant;
  /** Whether it goes on after this sync. */
  readonly stays: (plan: Plan) => boolean;
}

export function waitedFor({ spec }: Observation, { gate }: Position, judged: Judgement): Waited | undefined {
  const step = gate && stepsOf(spec.strategy)[gate.step];
  if (gate && step?.action === 'pause' && step.seconds === null) {
    return { since: gate.startedAt, stays: plan => plan.gate?.step === gate.step };
  }
  const { undecidedSince: since, stop } = judged;
  return since === undefined ? undefined : { since, stays: () => stop?.reason === 'InconclusiveAnalysis' };
}

/** Once a person has let it go on, the time that it waited does not count for the whole rollout. */
export function withStart(position: Position, waited: Waited | undefined, plan: Plan, now: Instant): Position {
  const { startedAt = startOfWait(now) } = position;
  const lasted = !waited || waited.stays(plan) ? 0 : Math.max(0, startOfWait(now) - waited.since);
  return { ...position, startedAt: Math.min(startedAt + lasted, startOfWait(now)) };
}

/** Whether a rollout takes longer than it may. Time at gates that wait for a person is not counted. */
function timedOut(autoRollback: AutoRollback | undefined, startedAt: Instant | undefined, now: Instant): boolean {
  const seconds = autoRollback?.enabled ? autoRollback.timeoutSeconds : undefined;
  return seconds !== undefined && startedAt !== undefined && now >= startedAt + seconds * 1000;
}

function deadlineAbort({ spec }: Observation, now: Instant): Abort {
  return {
    reason: 'ProgressDeadlineExceeded',
    message: `nothing has moved for ${spec.progressDeadlineSeconds} s`,
    at: toRfc3339(startOfWait(now)),
  };
}
