import type { Json } from '../../metacontroller/object.js';
import type { Exchange, HttpRequest, HttpResponse } from '../providers/provider.js';
import { QueryError } from '../providers/queryError.js';
import { hostOf } from './addressGuard.js';

export interface QueryLimits {
  /** For one request. */
  readonly requestMs: number;
  /** For all requests of the query and the pauses between them. */
  readonly totalMs: number;
}

export type Send = (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>;

export interface QueryPorts {
  readonly send: Send;
  /** Told of every secret that an answer brought. */
  readonly learn: (secret: string) => void;
}

/**
 * Asks until there is a value.
 * @param stopped aborted with a QueryError when nobody wants the value any more
 * @throws QueryError
 */
export async function runQuery(
  first: Exchange,
  limits: QueryLimits,
  { send, learn }: QueryPorts,
  stopped: AbortSignal,
): Promise<Json> {
  let exchange = first;
  try {
    return await within(limits.totalMs, first.request, stopped, async signal => {
      for (;;) {
        const answer = exchange.read(await answerTo(exchange, limits.requestMs, send, signal));
        if (answer.done) return answer.value;
        await pause(answer.afterMs, signal);
        exchange = answer.next;
        if (exchange.secret !== undefined) learn(exchange.secret);
      }
    });
  } catch (error) {
    if (isUnreachable(error) && exchange.unreachable !== undefined) return exchange.unreachable;
    throw error;
  }
}

async function answerTo(exchange: Exchange, limitMs: number, send: Send, stopped: AbortSignal): Promise<HttpResponse> {
  const { request, accepts = isSuccess } = exchange;
  const response = await within(limitMs, request, stopped, signal => send(request, signal));
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
