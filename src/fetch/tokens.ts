import type { Token } from '../providers/provider.js';
import type { Clock } from './clock.js';

const MAX_TOKENS = 500;
/** A token is left alone so long before its end, and is not kept for longer than an hour, whatever it says of itself. */
const MARGIN_SECONDS = 30;
const LONGEST_SECONDS = 3600;

interface Kept {
  readonly text: string;
  readonly until: number;
}

/** Access tokens that can be used again. Bounded: the oldest goes first, and is only fetched anew. */
export class Tokens {
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  find(key: string): string | undefined {
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > this.#clock.now()) return kept.text;
    this.#kept.delete(key);
    return undefined;
  }

  /** One that does not say how long it lasts is not kept. */
  keep({ key, text, seconds = 0 }: Token): void {
    const lasts = Math.min(seconds, LONGEST_SECONDS) - MARGIN_SECONDS;
    if (!(lasts > 0)) return;
    this.#kept.delete(key);
    this.#kept.set(key, { text, until: this.#clock.now() + lasts * 1000 });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_TOKENS && oldest !== undefined) this.#kept.delete(oldest);
  }

  drop(key: string): void {
    this.#kept.delete(key);
  }
}
