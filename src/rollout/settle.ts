import { type Instant, startOfWait } from '../schema/instant.js';
import type { ObservedStatus } from '../status/status.js';

/** Whether the state of the routes has lasted long enough to have reached every proxy. */
export interface Settled {
  readonly inEffect: boolean;
  /**
   * For status: the state and since when it has been observed. Absent in a sync that changes it: a stale cache could show
   * the old state once more, which must not count as in effect then.
   */
  readonly seen: { readonly state: string; readonly since: Instant };
  readonly at: Instant;
}

/** A state is in effect once it has been observed unchanged for `settleSeconds`. */
export function settle(state: string, memory: ObservedStatus, settleSeconds: number, now: Instant): Settled {
  const since = memory.routeSeen?.state === state ? memory.routeSeen.since : startOfWait(now);
  const at = since + settleSeconds * 1000;
  return { inEffect: now >= at, seen: { state, since }, at };
}
