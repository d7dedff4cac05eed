/** Owners that are remembered, before those who have used next to nothing are forgotten. */
const MAX_KNOWN = 1000;

interface Used {
  readonly ms: number;
  readonly at: number;
}

/** How many milliseconds of something owners have used lately: what it was a half-life ago counts half. */
export class RecentUse {
  readonly #halfLifeMs: number;
  readonly #used = new Map<string, Used>();

  constructor(halfLifeMs: number) {
    this.#halfLifeMs = halfLifeMs;
  }

  of(owner: string, now: number): number {
    const used = this.#used.get(owner);
    return used === undefined ? 0 : used.ms * 2 ** ((used.at - now) / this.#halfLifeMs);
  }

  add(owner: string, ms: number, now: number): void {
    this.#used.set(owner, { ms: this.of(owner, now) + ms, at: now });
    if (this.#used.size > MAX_KNOWN) this.#forget(now);
  }

  has(owner: string): boolean {
    return this.#used.has(owner);
  }

  /** How many have used more than next to nothing. */
  owners(now: number): number {
    this.#forget(now);
    return this.#used.size;
  }

  #forget(now: number): void {
    for (const owner of this.#used.keys()) if (this.of(owner, now) < 1) this.#used.delete(owner);
  }
}
