import { roleSetsOf } from '../../observe/roleSets.js';
import type { Turn } from '../plan.js';
import type { Situation } from '../revisions.js';

/** Whether the template went back to one of the last `window` revisions before stable, which need no new proof. */
export function isInRollbackWindow({ stable, updated }: Situation, window: number): boolean {
  if (!stable || stable === updated || !updated.record) return false;
  const age = stable.number - updated.number;
  return age > 0 && age <= window;
}

/** Whether the updated revision was stable and its pods are still inside their scale-down delay. */
export function isInsideDelay({ observation, situation, now }: Turn): boolean {
  const { updated } = situation;
  const delay = observation.memory.scaleDownAt.get(updated.hash);
  return delay?.wasStable === true && now < delay.at && roleSetsOf(updated).available > 0;
}
