import type { MeasuredRollout } from '../providers/provider.js';
import type { Instant } from '../schema/instant.js';
import type { Json, JsonObject } from '../schema/json.js';

/**
 * One question to a metrics provider. Pure data: made by `dueMeasurements`, answered by the fetcher.
 * Secrets are in it only for as long as the request lives; it is never logged nor put into status.
 */
export interface MeasurementRequest {
  /** StormService uid, run, metric and due time: the same key is asked once and counted once. */
  readonly key: string;
  /** The namespace: limits are shared among owners, and what one does at a target is not held against another. */
  readonly owner: string;
  readonly metric: string;
  readonly dueAt: Instant;
  /** Argo's provider object with all args substituted: `{ prometheus: { address, query } }`. */
  readonly provider: JsonObject;
  /**
   * Every secret value that this request may contain, for the provider to use and for the fetcher to redact:
   * the decoded data of a `secretRef` by key (`api-key`), and what stands for a secret arg as `args.<name>`.
   */
  readonly secrets: Readonly<Record<string, string>>;
  /** Whose measurement it is, for a provider that tells it; only name and revision tell questions apart. */
  readonly rollout?: MeasuredRollout;
  /** Upper bound for the query, where a health check sets one; a provider's own timeout field may be shorter. */
  readonly timeoutSeconds?: number;
}

/**
 * What came back. A value is whatever the provider yields: a number, a list of numbers, a JSON value; NaN and
 * infinities as such. Neither `shown` nor message contains any of the request's secrets.
 *
 * `web` with a jsonPath yields what the path finds, without one the parsed JSON body (a non-2xx answer is an error).
 * `http`, the plain endpoint check (`{ http: { url, method } }`), reads no body and yields `{ status: <code> }` for
 * every answer; an endpoint that gives none (connection refused or reset, time-out, failed TLS handshake) yields
 * `{ status: 0 }`, because then the check has failed and not the metrics system. An address that may not be reached
 * is an error for `http` as well: it says nothing about the release.
 */
export type MeasurementResult =
  | {
      readonly key: string;
      readonly at: Instant;
      readonly outcome: 'value';
      /** For conditions. */
      readonly value: Json;
      /** What may be shown of it, if it was asked with a Secret; absent: the value. */
      readonly shown?: Json;
    }
  /** The metrics system itself failed (time-out, 5xx, refused address…): short, without bodies, headers or secrets. */
  | { readonly key: string; readonly at: Instant; readonly outcome: 'error'; readonly message: string }
  /** It was not asked, because of our own limits: nobody's error, and to be asked again. */
  | { readonly key: string; readonly at: Instant; readonly outcome: 'postponed'; readonly message: string };

/** Results that have arrived by now, by request key. A request without a result is still under way. */
export type Measurements = ReadonlyMap<string, MeasurementResult>;
