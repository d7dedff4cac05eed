/**
 * Scale-down of pods that are no longer needed. With Services or routes of their own, pods are removed after their
 * traffic: never while a Service still selects them, and only after their delay.
 */

import type { Revision } from '../../observe/revisions.js';
import { roleSetsOf } from '../../observe/roleSets.js';
import { ALL_REVISIONS, observeSelection } from '../../observe/services.js';
import { type Instant, startOfWait } from '../../schema/instant.js';
import type { ScaleDown } from '../../status/bookkeeping.js';
import type { Context } from '../context.js';
import { isRunning } from '../revisions.js';

/** Whether any of these observed Services selects the revision. */
export function isSelected({ observation }: Context, revision: Revision, services: readonly string[]): boolean {
  return services.some(service => {
    const selection = observeSelection(observation.children, service);
    return selection === revision.hash || selection === ALL_REVISIONS;
  });
}

export interface ScaleDownPlan {
  readonly sets: ReadonlyMap<string, number>;
  readonly scaleDownAt: ReadonlyMap<string, ScaleDown>;
}

/**
 * Role sets of the revisions that are neither stable nor updated. A revision that was stable has a delay in status; one
 * without never served and is removed immediately. `reachable` ones stay unchanged. If status is lost, all have the
 * delay.
 */
export function scaleDownOthers(
  { observation, revisions, now }: Context,
  reachable: (revision: Revision) => boolean,
  delaySeconds: number,
): ScaleDownPlan {
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
 * The updated revision's role sets after an abort: they stay until no traffic reaches them (`free`), stable is complete,
 * and their delay is over; with a delay of 0 they stay.
 */
export function scaleDownAborted(
  { revisions: { updated, stable }, observation, now }: Context,
  delaySeconds: number,
  free: boolean,
): ScaleDownPlan {
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

/** The former stable revision is removed after its delay. */
export function scaleDownFormerStable({ revisions, now }: Context, delaySeconds: number): ScaleDownPlan['scaleDownAt'] {
  const { stable } = revisions;
  return new Map(
    stable && isRunning(revisions) ? [[stable.hash, { at: deadlineAfter(delaySeconds, now), wasStable: true }]] : [],
  );
}

/** When pods that are no longer needed may be removed. */
function deadlineAfter(seconds: number, now: Instant): Instant {
  return startOfWait(now) + seconds * 1000;
}
