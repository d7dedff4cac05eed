import type { MonotonicClock } from '../../src/fetch/clock.js';

interface Timer {
  /** As it was set. */
  readonly ms: number;
  readonly due: number;
  readonly run: () => void;
}

/** A clock that stands still until it is told how much time passes. */
export class ManualClock implements MonotonicClock {
  // lru-cache takes 0 for no time at all.
  #now = 1;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { ms, due: this.#now + ms, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** What the timers that run were set to, in milliseconds. */
  get timers(): readonly number[] {
    return [...this.#timers].map(({ ms }) => ms);
  }

  /** Milliseconds until the next timer is due. */
  get next(): number {
    return Math.min(...[...this.#timers].map(({ due }) => due)) - this.#now;
  }

  /** Timers that fall due meanwhile run in their order, each at its own time. */
  pass(ms: number): void {
    const end = this.#now + ms;
    for (let first = this.#first(); first !== undefined && first.due <= end; first = this.#first()) {
      this.#timers.delete(first);
      this.#now = Math.max(this.#now, first.due);
      first.run();
    }
    this.#now = Math.max(this.#now, end);
  }

  /** What runs takes so long; no timer runs meanwhile. */
  spend(ms: number): void {
    this.#now += ms;
  }

  #first(): Timer | undefined {
    return [...this.#timers].reduce<Timer | undefined>(
      (first, timer) => (first === undefined || timer.due < first.due ? timer : first),
      undefined,
    );
  }
}
