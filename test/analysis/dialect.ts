import type { IncomingHttpHeaders } from 'node:http';
import type { Json, JsonObject } from '../../src/schema/json.js';

/** Stands in every secret of the tests: it must come out nowhere. */
export const CANARY = 'canary-5f0c1d9e';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Expected = { readonly value: Json } | { readonly error: RegExp };

/** What the server is to answer: something, nothing to be found, or not a number. */
export type Data = 'value' | 'empty' | 'nan';

/** A metrics system as the contract sees it: how it is asked, and a server that speaks as the real one does. */
export interface Dialect {
  readonly name: string;
  spec(address: string): JsonObject;
  secrets?(address: string): Readonly<Record<string, string>>;
  /** A request that the real one would refuse gets what the real one answers to it. */
  answer(request: Received, data: Data): Reply;
  readonly expected: Readonly<Record<Data, Expected>> & {
    /** HTTP 503; an error that names the code when absent. */
    readonly failing?: Expected;
    /** A body that is cut off; an error when absent. */
    readonly malformed?: Expected;
    /** No answer in time; an error when absent. */
    readonly silent?: Expected;
    /** A redirect; an error that names its target when absent. */
    readonly redirected?: Expected;
  };
}

export function json(body: Json, status = 200): Reply {
  return { status, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

export const unauthorized: Reply = json({ error: 'who are you?' }, 401);
export const notFound: Reply = json({ error: 'no such thing' }, 404);

export function badRequest(why: string): Reply {
  return json({ error: why }, 400);
}
