/** A metric with its arguments filled in, as measured by a run. */

import {
  checkLimits,
  checkName,
  integerOf,
  type Limits,
  refuseWhole,
  secondsOf,
} from '../api/analysis/metricChecks.js';
import { checkConditions } from '../condition/checkConditions.js';
import { impliedConditions } from '../providers/providers.js';
import { QueryError } from '../providers/queryError.js';
import { isObject, type JsonObject } from '../schema/json.js';
import { Place } from '../schema/place.js';
import type { Problem, Result } from '../schema/problem.js';
import type { Conditions } from './runs/evaluate.js';

export interface Metric extends Conditions {
  readonly name: string;
  /** Seconds between measurements; absent for a single measurement. */
  readonly interval?: number;
  /** Seconds. */
  readonly initialDelay: number;
  /** Number of measurements, not counting errors; absent: unlimited. */
  readonly count?: number;
  /** −1: any number of failures. The limit must be exceeded. */
  readonly failureLimit: number;
  readonly inconclusiveLimit: number;
  readonly consecutiveErrorLimit: number;
  /** 0: off. */
  readonly consecutiveSuccessLimit: number;
  /** Consecutive failures after which the metric fails, in addition to failureLimit; for health checks. */
  readonly failureThreshold?: number;
  /** Maximum seconds of one query. */
  readonly timeout?: number;
  /** It is measured and shown without affecting the result. */
  readonly dryRun: boolean;
  /** Measurements to keep in status. */
  readonly measurementRetention: number;
  /** One provider by its key. It still contains `{{args.name}}` for Secret args. */
  readonly provider: JsonObject;
}

const DEFAULTS = {
  initialDelay: 0,
  failureLimit: 0,
  inconclusiveLimit: 0,
  consecutiveErrorLimit: 4,
  consecutiveSuccessLimit: 0,
  measurementRetention: 10,
  dryRun: false,
} as const;

/** Limits may be strings, from args; durations as everywhere. `path` is that of the metric. */
export function readMetric(raw: JsonObject, path: string): Result<Metric> {
  const problems: Problem[] = [];
  const place = new Place(path, problems);
  const metric = read(raw, place);
  checkConditions(metric, place);
  checkLimits(writtenLimits(metric, raw), place);
  return problems.length === 0 ? { ok: true, value: metric } : { ok: false, problems };
}

/** A metric in compact form, for status; `readMetric` restores it. */
export function pinMetric(metric: Metric): JsonObject {
  const fields = Object.entries({ ...metric, count: metric.count ?? 0 });
  const defaults: Readonly<Record<string, unknown>> = { ...DEFAULTS, count: metric.interval === undefined ? 1 : 0 };
  return Object.fromEntries(fields.filter(([name, value]) => value !== defaults[name])) as JsonObject;
}

function read(raw: JsonObject, place: Place): Metric {
  const interval = raw['interval'] === undefined ? undefined : duration(raw['interval'], place.at('interval'));
  const written = whole(raw, 'count', 0, place) ?? 0;
  const count = written === 0 && interval === undefined ? 1 : written;
  const failureThreshold = whole(raw, 'failureThreshold', 1, place);
  const timeout = raw['timeout'] === undefined ? undefined : duration(raw['timeout'], place.at('timeout'));
  return {
    name: readName(raw['name'], place.at('name')),
    ...(interval !== undefined && { interval }),
    initialDelay: raw['initialDelay'] === undefined ? 0 : duration(raw['initialDelay'], place.at('initialDelay')),
    ...(count > 0 && { count }),
    failureLimit: whole(raw, 'failureLimit', -1, place) ?? DEFAULTS.failureLimit,
    inconclusiveLimit: whole(raw, 'inconclusiveLimit', 0, place) ?? DEFAULTS.inconclusiveLimit,
    consecutiveErrorLimit: whole(raw, 'consecutiveErrorLimit', 0, place) ?? DEFAULTS.consecutiveErrorLimit,
    consecutiveSuccessLimit: whole(raw, 'consecutiveSuccessLimit', 0, place) ?? DEFAULTS.consecutiveSuccessLimit,
    ...(failureThreshold !== undefined && { failureThreshold }),
    ...(timeout !== undefined && { timeout }),
    dryRun: raw['dryRun'] === true,
    measurementRetention: whole(raw, 'measurementRetention', 1, place) ?? DEFAULTS.measurementRetention,
    ...conditions(raw, place.at('provider')),
    provider: readProvider(raw['provider'], place.at('provider')),
  };
}

function readName(value: unknown, place: Place): string {
  return checkName(value, place) ? value : '';
}

/** A default count of 1 does not bound the limits. */
function writtenLimits(metric: Metric, raw: JsonObject): Limits {
  const { count, ...rest } = metric;
  return { ...rest, ...(count !== undefined && Number(raw['count'] ?? 0) > 0 && { count }) };
}

function duration(value: unknown, place: Place): number {
  return Math.ceil(secondsOf(value, place) ?? 0);
}

function whole(raw: JsonObject, field: string, least: number, place: Place): number | undefined {
  const value = raw[field];
  if (value === undefined || value === null) return undefined;
  const number = integerOf(value);
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= least) return number;
  refuseWhole(value, least, place.at(field));
  return undefined;
}

/** Its own, or those that its provider implies: a webhook passes with 2xx. Without them every value would pass. */
function conditions(raw: JsonObject, place: Place): Conditions {
  const own = { ...condition(raw, 'successCondition'), ...condition(raw, 'failureCondition') };
  const provider = raw['provider'];
  if (Object.keys(own).length > 0 || !isObject(provider) || Object.keys(provider).length !== 1) return own;
  try {
    return impliedConditions(provider);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    place.refuse(error.message, 'fix that field; an arg in it must not come from a Secret');
    return own;
  }
}

function condition(raw: JsonObject, field: 'successCondition' | 'failureCondition'): Conditions {
  const text = raw[field];
  return typeof text === 'string' && text.trim() !== '' ? { [field]: text } : {};
}

function readProvider(value: unknown, place: Place): JsonObject {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.length === 1) return value as JsonObject;
  place.refuse(
    keys.length === 0 ? 'no provider is set' : `${keys.join(' and ')} are mutually exclusive`,
    'set exactly one provider, for example prometheus: {address, query}',
  );
  return {};
}
