import type { AllowList } from './allowList.js';
import type { ShareRules } from './shares.js';
import type { TurnRules } from './turns.js';
import type { WaitRules } from './waits.js';

/** Limits of fetching. Times in milliseconds. */
export interface FetchSettings {
  /** ANALYSIS_ALLOW; absent: everything but what is refused in any case. */
  readonly allow?: AllowList;
  /** ANALYSIS_TIMEOUT: the longest that a query may take, and what it gets unless its spec says less. */
  readonly timeoutMs: number;
  /** Requests of one namespace at a time to one target. */
  readonly requestsPerTarget: number;
  /** Requests of one namespace that wait for one target; more are postponed. */
  readonly waitingPerTarget: number;
  /** Queries under way, by namespace; more are postponed. */
  readonly underWay: ShareRules;
  /** Bytes of answers that are being read, by namespace; a query that needs more is postponed. */
  readonly reading: ShareRules;
  /** Time on the event loop for reading answers, by namespace. */
  readonly turns: TurnRules;
  /** How long syncs wait for measurements, by namespace; one that may not wait leaves them to the next. */
  readonly waits: WaitRules;
  /** Longest body of an answer, in bytes. */
  readonly maxAnswerBytes: number;
  /** Longest value that is taken out of an answer, as characters of JSON. */
  readonly maxValueLength: number;
  /** How long a result is remembered for the next sync and for identical queries of the same second. */
  readonly rememberMs: number;
  /** Results that are remembered; their bytes; and those of one namespace. */
  readonly maxRemembered: number;
  readonly maxRememberedBytes: number;
  readonly maxRememberedBytesEach: number;
  /** Bytes of results that one sync gets, unless it is a single one; the next sync gets the others. */
  readonly maxBytesAtOnce: number;
}

export const defaultFetchSettings: FetchSettings = {
  timeoutMs: 30_000,
  requestsPerTarget: 8,
  waitingPerTarget: 500,
  underWay: { each: 500, all: 3000, always: 20 },
  reading: { each: 8 * 1024 * 1024, all: 32 * 1024 * 1024, always: 1024 * 1024 },
  turns: { each: { atOnce: 20, perSecond: 20 }, all: { atOnce: 20, perSecond: 250 } },
  // Two of five workers, Metacontroller's default.
  waits: { perSecond: 2000 },
  maxAnswerBytes: 1024 * 1024,
  maxValueLength: 64 * 1024,
  rememberMs: 300_000,
  maxRemembered: 20_000,
  maxRememberedBytes: 32 * 1024 * 1024,
  maxRememberedBytesEach: 4 * 1024 * 1024,
  maxBytesAtOnce: 64 * 1024,
};
