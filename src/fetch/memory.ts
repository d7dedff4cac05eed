import { LRUCache } from 'lru-cache';
import type { MonotonicClock } from './clock.js';
import type { Question } from './question.js';
import type { FetchSettings } from './settings.js';

type Limits = Pick<FetchSettings, 'rememberMs' | 'maxRemembered' | 'maxRememberedLength'>;

/**
 * Questions under way, and those answered for as long as a sync may come back for them. Bounded: what was answered
 * first is forgotten first, and would only be asked again.
 */
export class Memory {
  readonly #underWay = new Map<string, Question>();
  readonly #answered: LRUCache<string, Question>;
  readonly #clock: MonotonicClock;
  readonly #rememberMs: number;
  #purgeAt = 0;

  constructor({ rememberMs, maxRemembered, maxRememberedLength }: Limits, clock: MonotonicClock) {
    this.#clock = clock;
    this.#rememberMs = rememberMs;
    this.#answered = new LRUCache({
      max: maxRemembered,
      maxSize: maxRememberedLength,
      ttl: rememberMs,
      ttlResolution: 0,
      perf: clock,
    });
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  get remembered(): number {
    return this.#answered.size;
  }

  find(fingerprint: string): Question | undefined {
    return this.#underWay.get(fingerprint) ?? this.#answered.peek(fingerprint);
  }

  asked(fingerprint: string, question: Question): void {
    this.#underWay.set(fingerprint, question);
    this.#purge();
  }

  answered(fingerprint: string, length: number): void {
    const question = this.#underWay.get(fingerprint);
    if (question === undefined) return;
    this.#underWay.delete(fingerprint);
    this.#answered.set(fingerprint, question, { size: Math.max(1, length) });
  }

  /** Frees what is too old to be found. At intervals, because it visits all of them. */
  #purge(): void {
    if (this.#clock.now() < this.#purgeAt) return;
    this.#purgeAt = this.#clock.now() + this.#rememberMs;
    this.#answered.purgeStale();
  }
}
