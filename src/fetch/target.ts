import type { HttpRequest, HttpResponse } from '../providers/exchange.js';
import { QueryError } from '../providers/queryError.js';
import { hostOf } from './addressGuard.js';
import { Breaker, type BreakerState } from './breaker.js';
import type { MonotonicClock } from './clock.js';
import type { FetchSettings } from './settings.js';
import { Slots } from './slots.js';

/** A target is slow when its last request, or the oldest under way, has taken more than this share of the wait. */
const SLOW_FROM = 0.5;
/** What it still gets: enough for those of its queries that are quick. */
const SHARE_OF_SLOW = 0.1;

export interface TargetOptions {
  readonly url: URL;
  readonly settings: Pick<FetchSettings, 'requestsPerTarget' | 'waitingPerTarget' | 'breaker'>;
  readonly clock: MonotonicClock;
  readonly breakerChanged: (state: BreakerState) => void;
}

/** One server that is asked: how many requests it gets at a time, whether it is left alone, whether it is slow. */
export class Target {
  readonly #options: TargetOptions;
  readonly #host: string;
  readonly #slots: Slots;
  readonly #breaker: Breaker;
  /** When each request under way was handed in, oldest first. */
  readonly #started = new Set<{ readonly at: number }>();
  #lastMs = 0;

  constructor(options: TargetOptions) {
    this.#options = options;
    this.#host = hostOf(options.url);
    this.#slots = new Slots(options.settings.requestsPerTarget);
    this.#breaker = new Breaker(options.settings.breaker, options.breakerChanged);
  }

  /** Nothing is under way: it can be forgotten. */
  get idle(): boolean {
    return this.#started.size === 0;
  }

  get breakerState(): BreakerState {
    return this.#breaker.state;
  }

  /** How much of a sync's wait its answers are worth. */
  patience(waitMs: number): number {
    const [oldest] = this.#started;
    const age = oldest === undefined ? 0 : this.#options.clock.now() - oldest.at;
    return Math.max(age, this.#lastMs) >= waitMs * SLOW_FROM ? waitMs * SHARE_OF_SLOW : waitMs;
  }

  /** @throws QueryError when it is left alone or has too many waiting; else what `send` throws */
  async exchange(
    request: HttpRequest,
    signal: AbortSignal,
    send: (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>,
  ): Promise<HttpResponse> {
    this.#checkBreaker(this.#breaker.wouldAdmit(this.#options.clock.now()));
    if (this.#slots.waiting >= this.#options.settings.waitingPerTarget) {
      throw new QueryError('busy', `too many queries wait for ${this.#host}`);
    }
    const entry = { at: this.#options.clock.now() };
    this.#started.add(entry);
    try {
      const release = await this.#slots.acquire(signal).catch(reason => this.#neverSent(reason));
      try {
        return await this.#admitted(request, signal, send);
      } finally {
        release();
      }
    } finally {
      this.#started.delete(entry);
      this.#lastMs = this.#options.clock.now() - entry.at;
    }
  }

  /** A time limit that was over before its turn came says nothing about the server. */
  #neverSent(reason: unknown): never {
    if (!(reason instanceof QueryError) || reason.kind !== 'unreachable') throw reason;
    throw new QueryError('busy', `${this.#host} has so many queries to answer that this one was not sent in time`);
  }

  async #admitted(
    request: HttpRequest,
    signal: AbortSignal,
    send: (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>,
  ): Promise<HttpResponse> {
    this.#checkBreaker(this.#breaker.admit(this.#options.clock.now()));
    try {
      const response = await send(request, signal);
      if (isFailure(response.status)) this.#breaker.failed(this.#options.clock.now());
      else this.#breaker.succeeded();
      return response;
    } catch (error) {
      if (error instanceof QueryError && error.kind === 'unreachable') this.#breaker.failed(this.#options.clock.now());
      else this.#breaker.inconclusive(this.#options.clock.now());
      throw error;
    }
  }

  #checkBreaker(admitted: boolean): void {
    if (admitted) return;
    throw new QueryError('unreachable', `${this.#host} has failed repeatedly and is left alone for a moment`);
  }
}

function isFailure(status: number): boolean {
  return status >= 500 || status === 429;
}
