import { LRUCache } from 'lru-cache';
import type { Token } from '../providers/exchange.js';
import type { MonotonicClock } from './clock.js';

const MAX_TOKENS = 500;
/** A token is left alone so long before its end, and is not kept for longer than an hour, whatever it says of itself. */
const MARGIN_SECONDS = 30;
const LONGEST_SECONDS = 3600;

/** Access tokens that can be used again. Bounded: the one used least lately goes first, and is only fetched anew. */
export class Tokens {
  readonly #kept: LRUCache<string, string>;

  constructor(clock: MonotonicClock) {
    this.#kept = new LRUCache({ max: MAX_TOKENS, ttlResolution: 0, perf: clock });
  }

  find(key: string): string | undefined {
    return this.#kept.get(key);
  }

  /** One that does not say how long it lasts is not kept. */
  keep({ key, text, seconds = 0 }: Token): void {
    const lasts = Math.min(seconds, LONGEST_SECONDS) - MARGIN_SECONDS;
    if (lasts > 0) this.#kept.set(key, text, { ttl: lasts * 1000 });
  }

  drop(key: string): void {
    this.#kept.delete(key);
  }
}
