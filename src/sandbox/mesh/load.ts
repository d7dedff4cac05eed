import { Agent, request as send } from 'undici';
import { REVISION_HEADER } from './podServer.js';
import type { PodAnswer, Recorder } from './recorder.js';

export interface LoadOptions {
  /** Of the proxy. */
  readonly url: string;
  /** What is asked for: a Service, or a host name of a route. */
  readonly host: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Requests in a second on the wall. */
  readonly perSecond: number;
  readonly recorder: Recorder;
  /** It ends by itself after so many requests. */
  readonly maxRequests?: number;
  /** It ends by itself after so many seconds on the wall. */
  readonly maxSeconds?: number;
}

const TICK_MS = 20;
const MAX_CATCH_UP_MS = 200;
/** What is not answered by then is lost, not late: on a machine that is busy with other things answers take seconds. */
const TIMEOUT_MS = 30_000;
/**
 * More than that are not open at once: what is slow is asked less, not piled up. Few, because clients, proxy and pods
 * share one process: each request waits for all others that are open.
 */
const MAX_OPEN = 32;
const DEFAULT_MAX_REQUESTS = 100_000;
const DEFAULT_MAX_SECONDS = 600;

/** A steady stream of requests through the proxy, without retries: what a client would see is what is counted. */
export class Load {
  readonly #options: LoadOptions;
  readonly #agent = new Agent({ connections: MAX_OPEN, keepAliveTimeout: 1000 });
  readonly #open = new Set<Promise<void>>();
  readonly #timers: readonly NodeJS.Timeout[];
  #left: number;
  /** Requests that are due, a fraction included. */
  #due = 0;
  #ticked = performance.now();
  #ended: Promise<void> | undefined;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#left = options.maxRequests ?? DEFAULT_MAX_REQUESTS;
    const seconds = options.maxSeconds ?? DEFAULT_MAX_SECONDS;
    this.#timers = [setInterval(() => this.#tick(), TICK_MS), setTimeout(() => this.#stop(), seconds * 1000)];
  }

  /** Sends nothing more; resolves once everything that was sent is answered. */
  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    this.#stop();
    await Promise.all(this.#open);
    await this.#agent.close();
  }

  #stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #tick(): void {
    const now = performance.now();
    // A tick that comes late catches up, but not with everything that a long stall has cost.
    const elapsed = Math.min(now - this.#ticked, MAX_CATCH_UP_MS);
    this.#ticked = now;
    this.#due += (this.#options.perSecond * elapsed) / 1000;
    const room = Math.min(Math.floor(this.#due), MAX_OPEN - this.#open.size, this.#left);
    this.#due -= Math.floor(this.#due);
    this.#left -= room;
    for (let sent = 0; sent < room; sent += 1) this.#send();
    if (this.#left <= 0) this.#stop();
  }

  #send(): void {
    const count = this.#options.recorder.begin();
    const done = this.#ask().then(answer => {
      count(answer);
      this.#open.delete(done);
    });
    this.#open.add(done);
  }

  async #ask(): Promise<PodAnswer> {
    const { url, host, path = '/', headers = {} } = this.#options;
    try {
      const answer = await send(`${url}${path}`, {
        dispatcher: this.#agent,
        headers: { ...headers, host },
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
      });
      await answer.body.dump();
      const revision = answer.headers[REVISION_HEADER];
      return { code: answer.statusCode, ...(typeof revision === 'string' && { revision }) };
    } catch {
      return { code: 0 };
    }
  }
}
