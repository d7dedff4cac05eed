/**
 * Pods whose time is over. With Services or routes of their own, pods leave after the traffic: never while a Service
 * still selects them, and then not before their delay is over.
 */

import type { Revision } from '../../observe/revisions.js';
import { roleSetsOf } from '../../observe/roleSets.js';
import { ALL_REVISIONS, observeSelection } from '../../observe/services.js';
import { type Instant, startOfWait } from '../../schema/instant.js';
import type { ScaleDown } from '../../status/bookkeeping.js';
import type { Context } from '../context.js';
import { isRunning } from '../revisions.js';

/** Whether any of these Services, as observed, sends anybody to the revision. */
export function isSelected({ observation }: Context, revision: Revision, services: readonly string[]): boolean {
  return services.some(service => {
    const selection = observeSelection(observation.children, service);
    return selection === revision.hash || selection === ALL_REVISIONS;
  });
}

export interface Leaving {
  readonly sets: ReadonlyMap<string, number>;
  readonly scaleDownAt: ReadonlyMap<string, ScaleDown>;
}

/**
 * Role sets of the revisions that are neither stable nor updated. A revision that was once stable has a delay in status; one without, that never
 * carried the service, goes at once. `reachable` ones stay as they are. With status lost nobody knows which is which:
 * then all have the delay.
 */
export function leaveAsOther(
  { observation, revisions, now }: Context,
  reachable: (revision: Revision) => boolean,
  delaySeconds: number,
): Leaving {
  const sets = new Map<string, number>();
  const scaleDownAt = new Map<string, ScaleDown>();
  for (const revision of revisions.others) {
    const { spec } = roleSetsOf(revision);
    const delay = observation.memory.lost
      ? { at: deadlineAfter(delaySeconds, now), wasStable: false }
      : observation.memory.scaleDownAt.get(revision.hash);
    const stays = spec > 0 && (reachable(revision) || (delay !== undefined && now < delay.at));
    sets.set(revision.hash, stays ? spec : 0);
    if (stays && delay) scaleDownAt.set(revision.hash, delay);
  }
  return { sets, scaleDownAt };
}

/**
 * The updated revision's role sets once it was aborted: they stay until nobody is sent there (`free`), stable is whole,
 * and their delay is over; with a delay of 0 they stay.
 */
export function leaveAfterAbort(
  { revisions: { updated, stable }, observation, now }: Context,
  delaySeconds: number,
  free: boolean,
): Leaving {
  const { spec } = roleSetsOf(updated);
  const stays = Math.min(spec, observation.spec.replicas);
  const whole = stable !== undefined && roleSetsOf(stable).available >= observation.spec.replicas;
  if (spec === 0 || delaySeconds === 0 || !free || !whole) {
    return { sets: new Map([[updated.hash, stays]]), scaleDownAt: new Map() };
  }
  const at = observation.memory.scaleDownAt.get(updated.hash)?.at ?? deadlineAfter(delaySeconds, now);
  return {
    sets: new Map([[updated.hash, now < at ? stays : 0]]),
    scaleDownAt: new Map([[updated.hash, { at, wasStable: false }]]),
  };
}

/** What was stable until this sync goes after its delay. */
export function leaveAsFormerStable({ revisions, now }: Context, delaySeconds: number): Leaving['scaleDownAt'] {
  const { stable } = revisions;
  return new Map(
    stable && isRunning(revisions) ? [[stable.hash, { at: deadlineAfter(delaySeconds, now), wasStable: true }]] : [],
  );
}

/** When pods that are no longer needed from now on may go. */
function deadlineAfter(seconds: number, now: Instant): Instant {
  return startOfWait(now) + seconds * 1000;
}
