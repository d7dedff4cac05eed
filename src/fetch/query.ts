import type { Answer, Exchange, HttpRequest, HttpResponse } from '../providers/exchange.js';
import { QueryError } from '../providers/queryError.js';
import type { Json } from '../schema/json.js';
import { hostOf } from './addressGuard.js';
import type { MonotonicClock } from './clock.js';
import type { Tokens } from './tokens.js';
import { within } from './within.js';

export interface QueryLimits {
  /** For one request, from when it is its turn; and for how long it may wait for that. */
  readonly requestMs: number;
  /** For all requests of the query, and the waits and pauses between them. */
  readonly totalMs: number;
}

/** Sends a request when it is its turn, with what limits its time from then on. */
export type Send = (request: HttpRequest, signal: AbortSignal, limit: TimeLimit) => Promise<HttpResponse>;

export interface TimeLimit {
  readonly ms: number;
  within<Value>(run: (signal: AbortSignal) => Promise<Value>): Promise<Value>;
}

/** Reads an answer when it is its turn. */
export type Read = (signal: AbortSignal, waitMs: number, work: () => Answer) => Promise<Answer>;

export interface QueryPorts {
  readonly send: Send;
  readonly read: Read;
  /** Of former queries. */
  readonly tokens: Pick<Tokens, 'find' | 'keep' | 'drop'>;
  readonly clock: MonotonicClock;
}

/**
 * Asks until there is a value.
 * @param stopped aborted with a QueryError when nobody wants the value any more
 * @throws QueryError
 */
export async function runQuery(
  first: Exchange,
  limits: QueryLimits,
  { send, read, tokens, clock }: QueryPorts,
  stopped: AbortSignal,
): Promise<Json> {
  let exchange = withToken(first, tokens);
  try {
    const total = { ms: limits.totalMs, reason: unanswered(first.request, limits.totalMs), outer: stopped, clock };
    return await within(total, async signal => {
      for (;;) {
        const { request } = exchange;
        const ms = limits.requestMs;
        const limit = { ms, reason: unanswered(request, ms), outer: signal, clock };
        const response = await send(request, signal, { ms, within: run => within(limit, run) });
        if (response.status === 401 && exchange.grant !== undefined && exchange !== first) {
          tokens.drop(exchange.grant.key);
          exchange = first;
          continue;
        }
        const answer = await read(signal, ms, () => exchange.read(accepted(exchange, response)));
        if (answer.done) return answer.value;
        await pause(answer.afterMs, clock, signal);
        exchange = answer.next;
        if (exchange.token !== undefined) tokens.keep(exchange.token);
      }
    });
  } catch (error) {
    if (isUnreachable(error) && exchange.unreachable !== undefined) return exchange.unreachable;
    throw error;
  }
}

/** The exchange that a token of before spares the first one; its grant stays, for when the token is refused. */
function withToken(first: Exchange, tokens: QueryPorts['tokens']): Exchange {
  const token = first.grant && tokens.find(first.grant.key);
  return first.grant && token !== undefined ? { ...first.grant.use(token), grant: first.grant } : first;
}

function accepted({ request, accepts = isSuccess }: Exchange, response: HttpResponse): HttpResponse {
  if (accepts(response.status)) return response;
  throw new QueryError('status', `${hostIn(request)} answered HTTP ${response.status}`);
}

function isUnreachable(error: unknown): boolean {
  return error instanceof QueryError && error.kind === 'unreachable';
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function unanswered(request: HttpRequest, ms: number): () => QueryError {
  return () => new QueryError('unreachable', `${hostIn(request)} did not answer within ${ms / 1000} s`);
}

function pause(ms: number, clock: MonotonicClock, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (ms === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}

function hostIn({ url }: HttpRequest): string {
  return URL.canParse(url) ? hostOf(new URL(url)) : 'the address';
}
