import type { Question } from './question.js';
import type { FetchSettings } from './settings.js';

interface Settled {
  readonly forgetAt: number;
  readonly length: number;
}

/**
 * Questions under way, and those answered for as long as a sync may come back for them. Bounded: what was answered
 * first is forgotten first, and would only be asked again.
 */
export class Memory {
  readonly #settings: Pick<FetchSettings, 'rememberMs' | 'maxRemembered' | 'maxRememberedLength'>;
  readonly #questions = new Map<string, Question>();
  /** In the order of their answers, which is that of forgetting them. */
  readonly #settled = new Map<string, Settled>();
  #length = 0;

  constructor(settings: Pick<FetchSettings, 'rememberMs' | 'maxRemembered' | 'maxRememberedLength'>) {
    this.#settings = settings;
  }

  get underWay(): number {
    return this.#questions.size - this.#settled.size;
  }

  get remembered(): number {
    return this.#settled.size;
  }

  find(fingerprint: string): Question | undefined {
    return this.#questions.get(fingerprint);
  }

  asked(fingerprint: string, question: Question): void {
    this.#questions.set(fingerprint, question);
  }

  answered(fingerprint: string, length: number, now: number): void {
    this.#settled.set(fingerprint, { forgetAt: now + this.#settings.rememberMs, length });
    this.#length += length;
    this.forget(now);
  }

  /** Removes what is too old, or too much. */
  forget(now: number): void {
    for (const [fingerprint, { forgetAt, length }] of this.#settled) {
      const tooMuch =
        this.#settled.size > this.#settings.maxRemembered || this.#length > this.#settings.maxRememberedLength;
      if (!tooMuch && forgetAt > now) return;
      this.#settled.delete(fingerprint);
      this.#questions.delete(fingerprint);
      this.#length -= length;
    }
  }
}
