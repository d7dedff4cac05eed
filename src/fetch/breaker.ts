/** When a target that keeps failing is left alone. Times are of one clock that only moves forward, in milliseconds. */
export interface BreakerRules {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long it stays open before one request may try again. */
  readonly openMs: number;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

export class Breaker {
  readonly #rules: BreakerRules;
  readonly #changed: (state: BreakerState) => void;
  #state: BreakerState = 'closed';
  #failures = 0;
  #retryAt = 0;

  constructor(rules: BreakerRules, changed: (state: BreakerState) => void) {
    this.#rules = rules;
    this.#changed = changed;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Whether a request would be let through, without letting one through. */
  wouldAdmit(now: number): boolean {
    return this.#state === 'closed' || (this.#state === 'open' && now >= this.#retryAt);
  }

  /** Lets a request through, or not. After the pause one is, and the next only when that has gone well. */
  admit(now: number): boolean {
    if (!this.wouldAdmit(now)) return false;
    if (this.#state === 'open') this.#become('half-open');
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    if (this.#state !== 'closed') this.#become('closed');
  }

  failed(now: number): void {
    this.#failures += 1;
    if (this.#state === 'closed' && this.#failures < this.#rules.failures) return;
    this.#retryAt = now + this.#rules.openMs;
    if (this.#state !== 'open') this.#become('open');
  }

  /** The request said nothing about the target: it was called off. */
  inconclusive(now: number): void {
    if (this.#state !== 'half-open') return;
    this.#retryAt = now;
    this.#become('open');
  }

  #become(state: BreakerState): void {
    this.#state = state;
    this.#changed(state);
  }
}
