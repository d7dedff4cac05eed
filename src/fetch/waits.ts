import type { MonotonicClock } from './clock.js';
import { RecentUse } from './recentUse.js';

/** Milliseconds of waiting. */
export interface WaitRules {
  /** Of all owners together, per second: a thousand are one of Metacontroller's workers. */
  readonly perSecond: number;
}

const HALF_LIFE_MS = 10_000;

/** All owners together. */
const ALL = '';

/**
 * Who may wait for measurements. A sync that waits holds one of Metacontroller's few workers, so that others wait for
 * it. Owners share what may be held: as long as they wait little, all may wait; then only those who have waited less
 * lately than an equal share.
 */
export class Waits {
  /** What all owners have waited lately when they wait as much as is allowed. */
  readonly #limit: number;
  readonly #clock: MonotonicClock;
  readonly #waited = new RecentUse(HALF_LIFE_MS);
  readonly #together = new RecentUse(HALF_LIFE_MS);

  constructor({ perSecond }: WaitRules, clock: MonotonicClock) {
    this.#limit = (perSecond * HALF_LIFE_MS) / 1000 / Math.LN2;
    this.#clock = clock;
  }

  mayWait(owner: string): boolean {
    const now = this.#clock.now();
    if (this.#together.of(ALL, now) < this.#limit) return true;
    const owners = this.#waited.owners(now) + (this.#waited.has(owner) ? 0 : 1);
    return this.#waited.of(owner, now) < this.#limit / owners;
  }

  /** To be told when it is over. */
  waited(owner: string, ms: number): void {
    const now = this.#clock.now();
    if (ms === 0) return;
    this.#waited.add(owner, ms, now);
    this.#together.add(ALL, ms, now);
  }
}
