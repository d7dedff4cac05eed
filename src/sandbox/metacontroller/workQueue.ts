import type { Instant } from '../../schema/instant.js';
import type { Cancel, Clock } from '../time/clock.js';

/** Thrown by the work to be tried again after so many seconds, without counting as a failure. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';

  constructor(readonly seconds: number) {
    super(`try again in ${seconds} s`);
  }
}

const FIRST_RETRY_MS = 5;
const LAST_RETRY_MS = 1_000_000;

/**
 * client-go's rate-limited work queue: a key waits once however often it is added, is never worked on twice at the same
 * time, and is added again when it was added meanwhile. A failure is retried after 5 ms, 10 ms, 20 ms… up to 1000 s.
 * Of several delayed additions of a key the earliest counts, and nothing but itself takes it away.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #work: (key: string) => Promise<void>;
  readonly #waiting = new Set<string>();
  readonly #delayed = new Map<string, { readonly due: Instant; readonly cancel: Cancel }>();
  readonly #working = new Set<string>();
  readonly #again = new Set<string>();
  readonly #failures = new Map<string, number>();

  constructor(clock: Clock, work: (key: string) => Promise<void>) {
    this.#clock = clock;
    this.#work = work;
  }

  /** `latencyMs`: until whoever adds gets through to the queue. */
  add(key: string, latencyMs = 0): void {
    if (this.#waiting.has(key)) return;
    this.#waiting.add(key);
    this.#clock.schedule(latencyMs, () => this.#take(key));
  }

  addAfter(key: string, seconds: number): void {
    const due = this.#clock.now() + seconds * 1000;
    const earlier = this.#delayed.get(key);
    if (earlier !== undefined && earlier.due <= due) return;
    earlier?.cancel();
    const cancel = this.#clock.schedule(seconds * 1000, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { due, cancel });
  }

  /** Forgets what waits, as a restarted process does. */
  clear(): void {
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    this.#failures.clear();
  }

  async #take(key: string): Promise<void> {
    this.#waiting.delete(key);
    if (this.#working.has(key)) {
      this.#again.add(key);
      return;
    }
    this.#working.add(key);
    try {
      await this.#work(key);
      this.#failures.delete(key);
    } catch (error) {
      this.#retry(key, error);
    } finally {
      this.#working.delete(key);
      if (this.#again.delete(key)) this.add(key);
    }
  }

  #retry(key: string, error: unknown): void {
    if (error instanceof RetryLater) {
      this.addAfter(key, error.seconds);
      return;
    }
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.addAfter(key, Math.min(FIRST_RETRY_MS * 2 ** failures, LAST_RETRY_MS) / 1000);
  }
}
