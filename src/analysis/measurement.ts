import type { Instant } from '../instant.js';
import type { Json, JsonObject } from '../metacontroller/object.js';

/**
 * One question to a metrics provider. Pure data: made by `dueMeasurements`, answered by the fetcher.
 * Secrets are in it only for as long as the request lives; it is never logged nor put into status.
 */
export interface MeasurementRequest {
  /** StormService uid, run, metric and due time: the same key is asked once and counted once. */
  readonly key: string;
  readonly metric: string;
  readonly dueAt: Instant;
  /** Argo's provider object with all args substituted: `{ prometheus: { address, query } }`. */
  readonly provider: JsonObject;
  /** Values of Secrets that the provider needs beyond its args (`datadog.secretRef`), by key. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** What came back. A value is whatever the provider yields: a number, a list of numbers, a JSON value. */
export type MeasurementResult =
  | { readonly key: string; readonly at: Instant; readonly outcome: 'value'; readonly value: Json }
  /** The metrics system itself failed (time-out, 5xx, refused address…): short, without bodies, headers or secrets. */
  | { readonly key: string; readonly at: Instant; readonly outcome: 'error'; readonly message: string };

/** Results that have arrived by now, by request key. A request without a result is still under way. */
export type Measurements = ReadonlyMap<string, MeasurementResult>;
