import type { Instant } from '../../schema/instant.js';
import type { Cancel, Clock, Task, Until } from './clock.js';

interface Entry {
  readonly due: Instant;
  /** Of tasks that are due together the one scheduled first runs first. */
  readonly order: number;
  readonly task: Task;
}

/** A clock that jumps from task to task: hours pass in milliseconds, and one task at a time, in a fixed order. */
export class VirtualClock implements Clock {
  readonly #entries: Entry[] = [];
  #now: Instant;
  #order = 0;

  constructor(start: Instant = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  schedule(delayMs: number, task: Task): Cancel {
    const entry: Entry = { due: this.#now + Math.max(0, delayMs), order: this.#order++, task };
    this.#entries.splice(this.#place(entry), 0, entry);
    return () => {
      const index = this.#entries.indexOf(entry);
      if (index >= 0) this.#entries.splice(index, 1);
    };
  }

  async run(until: Until, forMs: number): Promise<boolean> {
    const end = this.#now + forMs;
    if (await until()) return true;
    for (let next = this.#entries[0]; next !== undefined && next.due <= end; next = this.#entries[0]) {
      this.#entries.shift();
      this.#now = next.due;
      await next.task();
      if (await until()) return true;
    }
    this.#now = end;
    return await until();
  }

  stop(): void {
    this.#entries.length = 0;
  }

  /** Binary search: entries are sorted by time, then by order. */
  #place(entry: Entry): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#entries[middle];
      if (other !== undefined && other.due <= entry.due) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
