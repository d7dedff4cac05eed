/**
 * The clock of progressDeadlineSeconds. Progress is another step, a larger spec.replicas, or more available pods than
 * ever before at this step. Pods that fall back and recover again and again make none, so a stuck rollout always ends.
 */
import { podTotal } from '../../observe/roleSets.js';
import { type Instant, startOfWait } from '../../schema/instant.js';
import type { Mark, Progress } from '../../status/bookkeeping.js';
import { type Context, goesBack } from '../context.js';
import type { RolloutPlan } from '../plan.js';
import { deadlineRuns, type Wait } from '../wait.js';

/** The last progress, for the next sync; undefined if none is expected any more. `wait`: the one in status. */
export function progressOf(
  context: Context,
  plan: Pick<RolloutPlan, 'step'>,
  wait: Wait | undefined,
): Progress | undefined {
  const { position, held, now } = context;
  const { progress: before } = position;
  if (!wait || position.abort) return undefined;
  // A hold moves the clock on when it ends.
  if (held && before) return before;
  const { stoppedAt, ...made } = latest(context, plan);
  if (held) return made;
  if (!deadlineRuns(wait)) return { ...made, stoppedAt: stoppedAt ?? startOfWait(now) };
  if (stoppedAt === undefined) return made;
  const stopped = Math.max(0, startOfWait(now) - stoppedAt);
  return isLong(stopped, context) ? newProgress(context) : { ...made, at: made.at + stopped };
}

/** When the deadline is over; undefined while it does not run. */
export function deadlineOf(
  { observation, held }: Pick<Context, 'observation' | 'held'>,
  progress: Progress | undefined,
): Instant | undefined {
  if (!progress || held || progress.stoppedAt !== undefined) return undefined;
  return progress.at + observation.spec.progressDeadlineSeconds * 1000;
}

function latest(context: Context, { step }: Pick<RolloutPlan, 'step'>): Progress & { readonly mark: Mark } {
  const { position, restarts } = context;
  const { progress: before } = position;
  const now = newProgress(context);
  if (!before || restarts || position.step !== step) return now;
  // As release 0.1 left it.
  if (!before.mark) return { ...now, at: before.at };
  if (before.mark.revision !== now.mark.revision) return now;
  const mark = higher(before.mark, now.mark);
  return mark === before.mark ? { ...before, mark } : { ...now, mark };
}

/** Progress made in this sync. */
function newProgress(context: Context) {
  const { observation, revisions, now } = context;
  const { stable, updated } = revisions;
  const awaited = stable && goesBack(context) ? stable : updated;
  const pods = podTotal(awaited, 'available');
  return { at: startOfWait(now), mark: { revision: awaited.hash, pods, replicas: observation.spec.replicas } };
}

/** The first, unless the second exceeds it. */
function higher(before: Mark, now: Mark): Mark {
  if (now.pods <= before.pods && now.replicas <= before.replicas) return before;
  return { ...now, pods: Math.max(now.pods, before.pods), replicas: Math.max(now.replicas, before.replicas) };
}

/** Pods that stayed available for the length of the deadline have recovered: what happens to them then is new. */
function isLong(stopped: number, { observation }: Pick<Context, 'observation'>): boolean {
  return stopped >= observation.spec.progressDeadlineSeconds * 1000;
}
