/** The aborts of a rollout that takes too long: without progress, or in total. */
import type { Observation } from '../../observe/observation.js';
import { type Instant, startOfWait, toRfc3339 } from '../../schema/instant.js';
import type { Abort } from '../../status/rolloutStatus.js';
import type { Context, Findings, Unjudged } from '../context.js';
import { isRunning } from '../revisions.js';

/** The abort of a rollout without progress. A slow first deployment may still succeed: only measurements reject it. */
export function abortStuck({ observation, revisions, now }: Pick<Context, 'observation' | 'revisions' | 'now'>) {
  const { progressDeadlineAbort, progressDeadlineSeconds } = observation.spec;
  if (!progressDeadlineAbort || !isRunning(revisions)) return undefined;
  const message = `no progress for ${progressDeadlineSeconds} s`;
  return { reason: 'ProgressDeadlineExceeded', message, at: toRfc3339(startOfWait(now)) } satisfies Abort;
}

/** The abort of a rollout that takes longer than autoRollback.onTimeout, held time and gates not counted. */
export function abortSlow(given: Unjudged, findings: Findings): Abort | undefined {
  const { observation, revisions, position, held, now } = given;
  const timeout = timeoutSeconds(observation);
  const { startedAt } = position;
  if (!isRunning(revisions) || held || waitingForPersonSince(given, findings) !== undefined) return undefined;
  if (timeout === undefined || startedAt === undefined || now < startedAt + timeout * 1000) return undefined;
  const message = `the rollout took longer than autoRollback.onTimeout (${timeout} s)`;
  return { reason: 'RolloutTimeout', message, at: toRfc3339(startOfWait(now)) };
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
