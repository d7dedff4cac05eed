/**
 * Answers what analysis asks, within the time that a sync can wait. What takes longer goes on in the background; the
 * next sync that asks the same takes the answer. All of it can be lost with the process: then it is asked again.
 */
import type { Instant } from '../schema/instant.js';
import type { Resolver } from './addressGuard.js';
import { Asker } from './asker.js';
import { type MonotonicClock, realClock } from './clock.js';
import type { MeasurementRequest, Measurements } from './measurement.js';
import { type FetchObserver, silent } from './observer.js';
import { type Question, resultFor } from './question.js';
import { defaultFetchSettings, type FetchSettings } from './settings.js';
import { Waits } from './waits.js';

export interface Fetcher {
  /**
   * Results that are there within `waitMs`; a request without one is still under way and may be asked for again.
   * Every question is waited for once, less when its target is known to be slow, and not at all when its owner has waited
   * too much lately. Never rejects.
   */
  measure(requests: readonly MeasurementRequest[], options: MeasureOptions): Promise<Measurements>;
  /** For gauges. */
  readonly load: FetchLoad;
  /** Calls off what is under way, without results, and closes all connections. */
  close(): Promise<void>;
}

export interface MeasureOptions {
  readonly waitMs: number;
  readonly now: Instant;
}

export interface FetchLoad {
  readonly underWay: number;
  readonly remembered: number;
}

export interface FetcherOptions {
  readonly settings?: Partial<FetchSettings>;
  readonly observer?: FetchObserver;
  /** Absent: the real one. */
  readonly clock?: MonotonicClock;
  /** How names are resolved. Absent: as the system does. */
  readonly resolve?: Resolver;
}

export function createFetcher(options: FetcherOptions = {}): Fetcher {
  const clock = options.clock ?? realClock;
  const settings = { ...defaultFetchSettings, ...options.settings };
  const { maxBytesAtOnce } = settings;
  const asker = new Asker({
    settings,
    observer: options.observer ?? silent,
    clock,
    resolve: options.resolve,
  });
  const waits = new Waits(settings.waits, clock);

  /** All questions of a sync are its owner's. */
  async function waitForAll(asked: readonly Asked[], waitMs: number): Promise<void> {
    const owner = asked[0]?.question.owner;
    if (owner === undefined || !waits.mayWait(owner)) return;
    const startedAt = clock.now();
    await Promise.all(asked.map(({ question }) => waitFor(question, waitMs, clock)));
    waits.waited(owner, clock.now() - startedAt);
  }

  return {
    async measure(requests, { waitMs, now }) {
      if (asker.closed) return new Map();
      const questions = requests.map(request => ({ key: request.key, question: asker.ask(request, now) }));
      await waitForAll(questions, waitMs);
      const results = asManyAs(maxBytesAtOnce, questions).map(({ key, question }) => resultFor(key, question));
      return new Map(results.filter(result => result !== undefined).map(result => [result.key, result]));
    },
    get load() {
      return { underWay: asker.memory.underWay, remembered: asker.memory.remembered };
    },
    close: () => asker.close(),
  };
}

interface Asked {
  readonly key: string;
  readonly question: Question;
}

/** Restoring results takes time, which all of a sync have together: at least one, and more while they are small. */
function asManyAs(maxBytes: number, asked: readonly Asked[]): readonly Asked[] {
  let left = maxBytes;
  return asked
    .filter(({ question }) => question.answer !== undefined)
    .filter(({ question }, index) => {
      left -= question.answer?.stored.byteLength ?? 0;
      return index === 0 || left >= 0;
    });
}

/** The wait counts from when the question was first put: who asks again only collects. */
async function waitFor(question: Question, waitMs: number, clock: MonotonicClock): Promise<void> {
  if (question.answer) return;
  const target = await question.target;
  const patience = target?.patience(waitMs) ?? waitMs;
  const left = question.askedAt + patience - clock.now();
  if (left <= 0 || question.answer) return;
  await new Promise<void>(resolve => {
    const cancel = clock.after(left, resolve);
    question.answered.then(() => {
      cancel();
      resolve();
    });
  });
}
