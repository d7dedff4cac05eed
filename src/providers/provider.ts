/**
 * What a metrics provider is. It only describes: requests to be sent, and how their answers are read. Sending is the
 * fetcher's, so that addresses, time, sizes and secrets are looked after in one place.
 */
import type { Instant } from '../schema/instant.js';
import type { Json } from '../schema/json.js';
import type { Fields } from './fields.js';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly tls?: TlsTrust;
  /** `status`: no body is read, and a redirect is an answer. Absent: the body. */
  readonly wants?: 'status';
}

/** Whom to trust beyond the certificate authorities of the system. */
export interface TlsTrust {
  /** PEM certificates that replace the system's authorities. */
  readonly ca?: string;
  /** True: any certificate is accepted. */
  readonly insecure?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** Decoded as UTF-8; empty when only the status was wanted. */
  readonly body: string;
}

/** One request and the meaning of its answer. */
export interface Exchange {
  readonly request: HttpRequest;
  /** Which HTTP codes `read` takes; 2xx when absent. Every other code is an error that names it. */
  readonly accepts?: (status: number) => boolean;
  /** @throws QueryError when the answer cannot be understood */
  readonly read: (response: HttpResponse) => Answer;
  /** The token that an answer brought and that this request carries. */
  readonly token?: Token;
  /** This exchange only fetches a token: with one that is there already, `use` comes first. */
  readonly grant?: Grant;
  /** The value when no answer comes at all; absent: that is an error. */
  readonly unreachable?: Json;
}

/** An access token; nobody may see it. */
export interface Token {
  /** A digest of what it was granted for. */
  readonly key: string;
  readonly text: string;
  /** How long it lasts, if the server has said so. */
  readonly seconds?: number;
}

export interface Grant {
  readonly key: string;
  readonly use: (token: string) => Exchange;
}

/** The value, or what to ask next (a token was fetched, a job was started), some time later if need be. */
export type Answer =
  | { readonly done: true; readonly value: Json }
  | { readonly done: false; readonly next: Exchange; readonly afterMs: number };

export interface QueryContext {
  readonly now: Instant;
  /** Decoded data of the provider's Secret. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface ImpliedConditions {
  readonly successCondition?: string;
  readonly failureCondition?: string;
}

/** One metrics system. `src/analysis/providers/<name>.ts` exports exactly one. */
export interface Provider {
  /** Its key in a metric's `provider`. */
  readonly name: string;
  /** @throws QueryError when the spec cannot be asked */
  ask(spec: Fields, context: QueryContext): Exchange | Promise<Exchange>;
  /** The spec's own time limit for one request. */
  timeoutSeconds?(spec: Fields): number | undefined;
  /** A provider that starts a job and waits for it: how long all of it may take. */
  readonly jobSeconds?: number;
  /** Conditions, in CEL, of a metric that has none of its own; absent: every value is a success. */
  conditions?(spec: Fields): ImpliedConditions;
  /** Name of the Secret that holds its credentials, in the StormService's namespace. */
  secretName?(spec: Fields): string | undefined;
}

export const value = (json: Json): Answer => ({ done: true, value: json });

export const further = (next: Exchange, afterMs = 0): Answer => ({ done: false, next, afterMs });
