import type { StormServiceStatus } from '../../../src/status/schema.js';

/** What the hook says about a rollout; empty as long as it has not answered. */
export type RolloutStatus = NonNullable<StormServiceStatus['rolloutStatus']>;

/** Something comes in beside a version that serves. */
export function isRollout({ stableRevision, updatedRevision }: RolloutStatus): boolean {
  return stableRevision !== undefined && stableRevision !== updatedRevision;
}
