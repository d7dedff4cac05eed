import type { AllowList } from './allowList.js';
import type { BreakerRules } from './breaker.js';

/** Limits of fetching. Times in milliseconds. */
export interface FetchSettings {
  /** ANALYSIS_ALLOW; absent: everything but what is refused in any case. */
  readonly allow?: AllowList;
  /** ANALYSIS_TIMEOUT: the longest that a query may take, and what it gets unless its spec says less. */
  readonly timeoutMs: number;
  /** Requests at a time to one target. */
  readonly requestsPerTarget: number;
  /** Requests that wait for one target; more are refused. */
  readonly waitingPerTarget: number;
  /** Queries under way, all targets together; more are refused. */
  readonly maxUnderWay: number;
  /** Longest body of an answer, in bytes. */
  readonly maxAnswerBytes: number;
  /** Longest value that is taken out of an answer, as characters of JSON. */
  readonly maxValueLength: number;
  /** How long a result is remembered for the next sync and for identical queries of the same second. */
  readonly rememberMs: number;
  /** Results that are remembered; and the characters of all of their values. */
  readonly maxRemembered: number;
  readonly maxRememberedLength: number;
  readonly breaker: BreakerRules;
}

export const defaultFetchSettings: FetchSettings = {
  timeoutMs: 30_000,
  requestsPerTarget: 8,
  waitingPerTarget: 200,
  maxUnderWay: 2000,
  maxAnswerBytes: 1024 * 1024,
  maxValueLength: 64 * 1024,
  rememberMs: 300_000,
  maxRemembered: 20_000,
  maxRememberedLength: 32 * 1024 * 1024,
  breaker: { failures: 5, openMs: 10_000 },
};
