import { performance } from 'node:perf_hooks';

/** Time as fetching sees it, so that tests can let it pass by hand. */
export interface MonotonicClock {
  /** Milliseconds that only move forward. */
  now(): number;
  /** Runs something once, so many milliseconds from now, unless the function that it returns is called before. */
  after(ms: number, run: () => void): () => void;
}

/** Its timers do not keep the process alive. */
export const realClock: MonotonicClock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
};
