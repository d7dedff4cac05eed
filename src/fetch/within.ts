import type { MonotonicClock } from './clock.js';

export interface Limit {
  readonly ms: number;
  /** Why it is aborted when the time is over. */
  readonly reason: () => Error;
  readonly outer: AbortSignal;
  readonly clock: MonotonicClock;
}

/** Runs something with a signal that is aborted after a while, or with the outer one. */
export async function within<Value>(limit: Limit, run: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const { ms, reason, outer, clock } = limit;
  const own = new AbortController();
  const cancel = clock.after(ms, () => own.abort(reason()));
  const stop = () => own.abort(outer.reason);
  if (outer.aborted) stop();
  outer.addEventListener('abort', stop, { once: true });
  try {
    return await run(own.signal);
  } finally {
    cancel();
    outer.removeEventListener('abort', stop);
  }
}
