import { type Instant, startOfWait } from '../schema/instant.js';
import type { ObservedStatus } from '../status/status.js';

/** Whether what the routes say has been so for long enough to have reached every proxy. */
export interface Settled {
  readonly inEffect: boolean;
  /**
   * For status: the state and since when it is seen. Not for a sync that changes it: a cache that lags behind would show
   * the old state once more, and it must not count as in effect then.
   */
  readonly seen: { readonly state: string; readonly since: Instant };
  readonly at: Instant;
}

/** A state counts as in effect once it was observed, unchanged, for `settleSeconds`. */
export function settle(state: string, memory: ObservedStatus, settleSeconds: number, now: Instant): Settled {
  const since = memory.routeSeen?.state === state ? memory.routeSeen.since : startOfWait(now);
  const at = since + settleSeconds * 1000;
  return { inEffect: now >= at, seen: { state, since }, at };
}
