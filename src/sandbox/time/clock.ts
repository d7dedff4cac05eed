import type { Instant } from '../../schema/instant.js';

export type Task = () => void | Promise<void>;
export type Cancel = () => void;
export type Until = () => boolean | Promise<boolean>;

/** Time as everything in the sandbox sees it. */
export interface Clock {
  now(): Instant;
  /** Runs a task after so many milliseconds of this clock. */
  schedule(delayMs: number, task: Task): Cancel;
  /**
   * Lets time pass until the condition holds, at most so many milliseconds of this clock. The condition is asked at the
   * start and after every task. Resolves to whether it held.
   *
   * @throws what a task has thrown.
   */
  run(until: Until, forMs: number): Promise<boolean>;
  /** Drops all tasks. */
  stop(): void;
}
