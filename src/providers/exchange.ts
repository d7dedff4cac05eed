/** One request of a metrics API and the meaning of its answer. */
import type { Json } from '../schema/json.js';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly tls?: TlsTrust;
  /** `status`: no body is read, and a redirect is an answer. Absent: the body. */
  readonly wants?: 'status';
}

/** Which certificates to trust beyond those of the system. */
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

export const value = (json: Json): Answer => ({ done: true, value: json });

export const further = (next: Exchange, afterMs = 0): Answer => ({ done: false, next, afterMs });
