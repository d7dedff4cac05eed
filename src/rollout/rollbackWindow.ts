import type { Turn } from './plan.js';
import { roleSetsOf } from './roleSets.js';

/**
 * Whether the template went back to a revision that may be trusted at once: one that was stable and whose pods are
 * still inside their scale-down delay, or one of the last `window` revisions before stable.
 */
export function isFastRollback({ observation, situation, now }: Turn, window: number): boolean {
  const { stable, updated } = situation;
  if (!stable || stable === updated) return false;
  const delay = observation.memory.scaleDownAt.get(updated.hash);
  if (delay?.wasStable && now < delay.at && roleSetsOf(updated).available > 0) return true;
  const age = stable.number - updated.number;
  return updated.record !== undefined && age > 0 && age <= window;
}
