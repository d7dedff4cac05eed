import type { MonotonicClock } from './clock.js';

/** Milliseconds of waiting. */
export interface WaitRules {
  /** Of all owners together, per second: a thousand are one of Metacontroller's workers. */
  readonly perSecond: number;
}

interface Waited {
  /** Lately: what it was `HALF_LIFE_MS` ago counts half. */
  readonly ms: number;
  readonly at: number;
}

const HALF_LIFE_MS = 10_000;

/** Owners that are remembered until some of them have not waited lately. */
const MAX_KNOWN = 1000;

/**
 * Who may wait for measurements. A sync that waits holds one of Metacontroller's few workers, so that others wait for
 * it. Owners share what may be held: as long as they wait little, all may wait; then only those who have waited less
 * lately than an equal share.
 */
export class Waits {
  /** What all owners have waited lately when they wait as much as is allowed. */
  readonly #limit: number;
  readonly #clock: MonotonicClock;
  readonly #waited = new Map<string, Waited>();
  #all: Waited = { ms: 0, at: 0 };

  constructor({ perSecond }: WaitRules, clock: MonotonicClock) {
    this.#limit = (perSecond * HALF_LIFE_MS) / 1000 / Math.LN2;
    this.#clock = clock;
  }

  mayWait(owner: string): boolean {
    const now = this.#clock.now();
    if (left(this.#all, now) < this.#limit) return true;
    this.#forget(now);
    const owners = this.#waited.size + (this.#waited.has(owner) ? 0 : 1);
    return left(this.#waited.get(owner), now) < this.#limit / owners;
  }

  /** To be told when it is over. */
  waited(owner: string, ms: number): void {
    const now = this.#clock.now();
    if (ms === 0) return;
    this.#waited.set(owner, { ms: left(this.#waited.get(owner), now) + ms, at: now });
    this.#all = { ms: left(this.#all, now) + ms, at: now };
    if (this.#waited.size > MAX_KNOWN) this.#forget(now);
  }

  /** Those who have hardly waited lately. */
  #forget(now: number): void {
    for (const [owner, waited] of this.#waited) if (left(waited, now) < 1) this.#waited.delete(owner);
  }
}

function left(waited: Waited | undefined, now: number): number {
  return waited === undefined ? 0 : waited.ms * 2 ** ((waited.at - now) / HALF_LIFE_MS);
}
