import { countPods } from '../../observe/counts.js';
import type { Observation } from '../../observe/observation.js';
import { type Instant, startOfWait } from '../../schema/instant.js';
import type { PodCounts } from '../../status/schema.js';
import type { Position } from '../position.js';

/** Progress is what the Deployment controller calls so: more updated, ready or available pods than before. */
function hasMorePods(before: PodCounts, now: PodCounts): boolean {
  return (
    now.updatedReplicas > before.updatedReplicas ||
    now.readyReplicas > before.readyReplicas ||
    now.availableReplicas > before.availableReplicas
  );
}

/** Whether nothing has moved for progressDeadlineSeconds. Time under a hold or at a pause does not count. */
export function deadlineExceeded(observation: Observation, position: Position, now: Instant): boolean {
  const { memory, spec } = observation;
  if (position.begins || position.abort || position.progressedAt === undefined) return false;
  if (hasMorePods(memory.counts, countPods(observation))) return false;
  return now >= position.progressedAt + spec.progressDeadlineSeconds * 1000;
}

/** When the rollout moved last, for the next sync to measure from. */
export function progressedAt(observation: Observation, position: Position, step: number, now: Instant): Instant {
  const moved =
    position.begins || position.step !== step || hasMorePods(observation.memory.counts, countPods(observation));
  return moved || position.progressedAt === undefined ? startOfWait(now) : position.progressedAt;
}
