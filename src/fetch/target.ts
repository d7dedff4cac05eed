import { QueryError } from '../providers/queryError.js';
import type { MonotonicClock } from './clock.js';
import type { FetchSettings } from './settings.js';
import { Slots } from './slots.js';
import { within } from './within.js';

/** A target is slow when its last request, or the oldest under way, has taken more than this share of the wait. */
const SLOW_FROM = 0.5;
/** What it still gets: enough for those of its queries that are quick. */
const SHARE_OF_SLOW = 0.1;

export interface TargetOptions {
  readonly host: string;
  readonly settings: Pick<FetchSettings, 'requestsPerTarget' | 'waitingPerTarget'>;
  readonly clock: MonotonicClock;
}

/**
 * One server, as one owner asks it: how many requests it gets at a time, and whether it is slow. It is asked however
 * often it has failed: a query that errs ends its own run, and what another query gets is for that one to find out.
 */
export class Target {
  readonly #options: TargetOptions;
  readonly #slots: Slots;
  /** When each request under way was handed in, oldest first. */
  readonly #started = new Set<{ readonly at: number }>();
  #lastMs = 0;

  constructor(options: TargetOptions) {
    this.#options = options;
    this.#slots = new Slots(options.settings.requestsPerTarget);
  }

  /** Nothing is under way: it can be forgotten. */
  get idle(): boolean {
    return this.#started.size === 0;
  }

  /** How much of a sync's wait its answers are worth. */
  patience(waitMs: number): number {
    const [oldest] = this.#started;
    const age = oldest === undefined ? 0 : this.#options.clock.now() - oldest.at;
    return Math.max(age, this.#lastMs) >= waitMs * SLOW_FROM ? waitMs * SHARE_OF_SLOW : waitMs;
  }

  /**
   * Sends when it is its turn; the wait for that is not the server's time.
   * @throws QueryError of kind `busy` when its turn does not come within `waitMs`; the signal's reason; else what `send` throws
   */
  async exchange<Response>(waitMs: number, signal: AbortSignal, send: () => Promise<Response>): Promise<Response> {
    const { host, settings, clock } = this.#options;
    if (this.#slots.waiting >= settings.waitingPerTarget) {
      throw new QueryError('busy', `too many queries in this namespace are waiting for ${host}`);
    }
    const entry = { at: clock.now() };
    this.#started.add(entry);
    try {
      const release = await this.#turn(waitMs, signal);
      try {
        return await send();
      } finally {
        release();
      }
    } finally {
      this.#started.delete(entry);
      this.#lastMs = clock.now() - entry.at;
    }
  }

  #turn(waitMs: number, signal: AbortSignal): Promise<() => void> {
    const { host, clock } = this.#options;
    const reason = () =>
      new QueryError('busy', `not sent in time: too many queries in this namespace are waiting for ${host}`);
    return within({ ms: waitMs, reason, outer: signal, clock }, ending => this.#slots.acquire(ending));
  }
}
