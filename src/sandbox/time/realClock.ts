import type { Instant } from '../../schema/instant.js';
import type { Cancel, Clock, Task, Until } from './clock.js';

/** The clock on the wall, or a faster one: with speed 10 a second of this clock takes 100 ms. */
export class RealClock implements Clock {
  readonly #speed: number;
  readonly #start = Date.now();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #waiting = new Set<() => void>();
  #failure: unknown;

  constructor(speed = 1) {
    this.#speed = speed;
  }

  now(): Instant {
    return this.#start + (Date.now() - this.#start) * this.#speed;
  }

  schedule(delayMs: number, task: Task): Cancel {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#perform(task);
    }, Math.max(0, delayMs) / this.#speed);
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }

  run(until: Until, forMs: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void) => {
        this.#waiting.delete(check);
        clearTimeout(deadline);
        settle();
      };
      const ask = async (otherwise: () => void) => {
        try {
          if (this.#failure !== undefined) throw this.#failure;
          if (await until()) finish(() => resolve(true));
          else otherwise();
        } catch (error) {
          finish(() => reject(error));
        }
      };
      const check = () => void ask(() => undefined);
      const deadline = setTimeout(() => void ask(() => finish(() => resolve(false))), forMs / this.#speed);
      this.#waiting.add(check);
      check();
    });
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  async #perform(task: Task): Promise<void> {
    try {
      await task();
    } catch (error) {
      // Kept for whoever waits: a failing task must not end the process from inside a timer.
      this.#failure ??= error;
    }
    for (const check of [...this.#waiting]) check();
  }
}
