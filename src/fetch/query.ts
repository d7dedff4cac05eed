import type { Exchange, HttpRequest, HttpResponse } from '../providers/exchange.js';
import { QueryError } from '../providers/queryError.js';
import type { Json } from '../schema/json.js';
import { hostOf } from './addressGuard.js';
import type { Tokens } from './tokens.js';

export interface QueryLimits {
  /** For one request. */
  readonly requestMs: number;
  /** For all requests of the query and the pauses between them. */
  readonly totalMs: number;
}

export type Send = (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>;

export interface QueryPorts {
  readonly send: Send;
  /** Of former queries. */
  readonly tokens: Pick<Tokens, 'find' | 'keep' | 'drop'>;
}

/**
 * Asks until there is a value.
 * @param stopped aborted with a QueryError when nobody wants the value any more
 * @throws QueryError
 */
export async function runQuery(
  first: Exchange,
  limits: QueryLimits,
  { send, tokens }: QueryPorts,
  stopped: AbortSignal,
): Promise<Json> {
  let exchange = withToken(first, tokens);
  try {
    return await within(limits.totalMs, first.request, stopped, async signal => {
      for (;;) {
        const response = await responseTo(exchange, limits.requestMs, send, signal);
        if (response.status === 401 && exchange.grant !== undefined && exchange !== first) {
          tokens.drop(exchange.grant.key);
          exchange = first;
          continue;
        }
        const answer = exchange.read(accepted(exchange, response));
        if (answer.done) return answer.value;
        await pause(answer.afterMs, signal);
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

function responseTo({ request }: Exchange, limitMs: number, send: Send, stopped: AbortSignal): Promise<HttpResponse> {
  return within(limitMs, request, stopped, signal => send(request, signal));
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

/** Runs something with a signal that is aborted after a while, or with the outer one. */
async function within<Value>(
  limitMs: number,
  request: HttpRequest,
  outer: AbortSignal,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const controller = new AbortController();
  const stop = () => controller.abort(outer.reason);
  if (outer.aborted) stop();
  outer.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => {
    controller.abort(new QueryError('unreachable', `${hostIn(request)} did not answer within ${limitMs / 1000} s`));
  }, limitMs);
  timer.unref();
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', stop);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (ms === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    timer.unref();
    signal.addEventListener('abort', stop, { once: true });
  });
}

function hostIn({ url }: HttpRequest): string {
  return URL.canParse(url) ? hostOf(new URL(url)) : 'the address';
}
