import type { StormServiceStatus } from '../../../src/status/schema.js';

/** The hook's status of a rollout; empty until the first sync. */
export type RolloutStatus = NonNullable<StormServiceStatus['rolloutStatus']>;

/** Whether a new version is rolled out next to a serving one. */
export function isRollout({ stableRevision, updatedRevision }: RolloutStatus): boolean {
  return stableRevision !== undefined && stableRevision !== updatedRevision;
}
