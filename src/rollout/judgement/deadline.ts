/** Time limits of a rollout: without progress, and in total. */
import { countPods } from '../../observe/counts.js';
import type { Observation } from '../../observe/observation.js';
import { type Instant, startOfWait, toRfc3339 } from '../../schema/instant.js';
import type { Abort } from '../../status/rolloutStatus.js';
import type { PodCounts } from '../../status/schema.js';
import type { Findings, Unjudged } from '../context.js';
import { isRunning } from '../revisions.js';

/** Whether there was no progress for progressDeadlineSeconds. Holds and pauses do not count. */
export function deadlineExceeded({ observation, position, now }: Unjudged): boolean {
  if (position.isNew || position.abort || position.progressedAt === undefined) return false;
  if (hasMorePods(observation)) return false;
  return now >= position.progressedAt + observation.spec.progressDeadlineSeconds * 1000;
}

/** When the rollout last progressed, for the next sync. `step`: the current one. */
export function progressedAt({ observation, position, now }: Unjudged, step: number): Instant {
  const moved = position.isNew || position.step !== step || hasMorePods(observation);
  return moved || position.progressedAt === undefined ? startOfWait(now) : position.progressedAt;
}

/** Progress as in the Deployment controller: more updated, ready or available pods than before. */
function hasMorePods(observation: Observation): boolean {
  const before: PodCounts = observation.memory.counts;
  const now = countPods(observation);
  return (
    now.updatedReplicas > before.updatedReplicas ||
    now.readyReplicas > before.readyReplicas ||
    now.availableReplicas > before.availableReplicas
  );
}

/**
 * The abort of a rollout that takes too long. A slow first deployment may still succeed: only measurements reject it.
 */
export function abortOverdue(given: Unjudged, findings: Findings, late: boolean): Abort | undefined {
  const { observation, revisions, position, held, now } = given;
  const { progressDeadlineAbort, progressDeadlineSeconds, strategy } = observation.spec;
  if (!isRunning(revisions)) return undefined;
  const at = toRfc3339(startOfWait(now));
  if (late && progressDeadlineAbort) {
    return { reason: 'ProgressDeadlineExceeded', message: `no progress for ${progressDeadlineSeconds} s`, at };
  }
  const timeout = timeoutSeconds(observation);
  const { startedAt } = position;
  if (held || waitingForPersonSince(given, findings) !== undefined) return undefined;
  if (timeout === undefined || startedAt === undefined || now < startedAt + timeout * 1000) return undefined;
  const message = `the rollout took longer than autoRollback.onTimeout (${strategy.autoRollback?.timeoutSeconds} s)`;
  return { reason: 'RolloutTimeout', message, at };
}

/** Maximum duration of a rollout, not counting time at gates that wait for a person. */
export function timeoutSeconds({ spec: { strategy } }: Observation): number | undefined {
  return strategy.autoRollback?.enabled ? strategy.autoRollback.timeoutSeconds : undefined;
}

/** Since when status shows that the rollout waits for a person: at a gate, or at an inconclusive analysis. */
export function waitingForPersonSince(
  { approvalGate }: Pick<Unjudged, 'approvalGate'>,
  { inconclusiveSince }: Findings,
): Instant | undefined {
  return approvalGate ? approvalGate.startedAt : inconclusiveSince;
}
