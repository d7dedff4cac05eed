import { roleSetsOf } from '../../observe/roleSets.js';
import type { Context } from '../context.js';
import type { RolloutRevisions } from '../revisions.js';

/** Whether the template was reset to one of the last `window` revisions before stable, which skip the steps. */
export function isInRollbackWindow({ stable, updated }: RolloutRevisions, window: number): boolean {
  if (!stable || stable === updated || !updated.record) return false;
  const age = stable.number - updated.number;
  return age > 0 && age <= window;
}

/** Whether the updated revision was stable and its pods are still inside their scale-down delay. */
export function isInsideDelay({ observation, revisions, now }: Context): boolean {
  const { updated } = revisions;
  const delay = observation.memory.scaleDownAt.get(updated.hash);
  return delay?.wasStable === true && now < delay.at && roleSetsOf(updated).available > 0;
}
