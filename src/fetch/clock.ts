import { performance } from 'node:perf_hooks';

/** Time as fetching sees it, so that tests can let it pass by hand. */
export interface Clock {
  /** Milliseconds that only move forward. */
  now(): number;
  /** Runs something once, so many milliseconds from now. */
  after(ms: number, run: () => void): Cancel;
}

export type Cancel = () => void;

/** Its timers do not keep the process alive. */
export const realClock: Clock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
};
