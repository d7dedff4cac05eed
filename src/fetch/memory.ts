import { LRUCache } from 'lru-cache';
import type { MonotonicClock } from './clock.js';
import type { Question } from './question.js';
import type { FetchSettings } from './settings.js';

type Limits = Pick<FetchSettings, 'rememberMs' | 'maxRemembered' | 'maxRememberedBytes' | 'maxRememberedBytesEach'>;

interface Owned {
  /** Oldest first. */
  readonly fingerprints: Set<string>;
  bytes: number;
}

/** A question and its answer, without the bytes of the answer itself. */
const OVERHEAD = 1024;

/**
 * Questions under way, and those answered for as long as a sync may come back for them. Bounded: what was answered
 * first is forgotten first, and would only be asked again. An owner who has too much forgets its own.
 */
export class Memory {
  readonly #underWay = new Map<string, Question>();
  readonly #answered: LRUCache<string, Question>;
  /** The same, by owner. */
  readonly #owned = new Map<string, Owned>();
  readonly #limits: Limits;
  readonly #clock: MonotonicClock;
  #purgeAt = 0;

  constructor(limits: Limits, clock: MonotonicClock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#answered = new LRUCache({
      max: limits.maxRemembered,
      maxSize: limits.maxRememberedBytes,
      sizeCalculation: sizeOf,
      ttl: limits.rememberMs,
      ttlResolution: 0,
      perf: clock,
      dispose: (question, fingerprint) => this.#disown(question, fingerprint),
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

  /** It is no longer under way, and remembered if a measurement was made. */
  answered(fingerprint: string): void {
    const question = this.#underWay.get(fingerprint);
    if (question === undefined) return;
    this.#underWay.delete(fingerprint);
    if (question.answer?.made !== true) return;
    this.#makeRoom(question);
    // Forgets an earlier one of this fingerprint, if there is any.
    this.#answered.set(fingerprint, question);
    this.#own(question, fingerprint);
  }

  #makeRoom(question: Question): void {
    const owned = this.#owned.get(question.owner);
    const room = this.#limits.maxRememberedBytesEach - sizeOf(question);
    for (const oldest of owned?.fingerprints ?? []) {
      if ((owned?.bytes ?? 0) <= room) return;
      this.#answered.delete(oldest);
    }
  }

  #own(question: Question, fingerprint: string): void {
    const owned = this.#owned.get(question.owner) ?? { fingerprints: new Set(), bytes: 0 };
    owned.fingerprints.add(fingerprint);
    owned.bytes += sizeOf(question);
    this.#owned.set(question.owner, owned);
  }

  #disown(question: Question, fingerprint: string): void {
    const owned = this.#owned.get(question.owner);
    if (owned === undefined) return;
    owned.fingerprints.delete(fingerprint);
    owned.bytes -= sizeOf(question);
    if (owned.fingerprints.size === 0) this.#owned.delete(question.owner);
  }

  /** Frees what is too old to be found. At intervals, because it visits all of them. */
  #purge(): void {
    if (this.#clock.now() < this.#purgeAt) return;
    this.#purgeAt = this.#clock.now() + this.#limits.rememberMs;
    this.#answered.purgeStale();
  }
}

function sizeOf({ answer }: Question): number {
  return OVERHEAD + (answer?.stored.byteLength ?? 0);
}
