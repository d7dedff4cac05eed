import type { Instant } from '../../schema/instant.js';
import type { Chapter } from './chapter.js';
import { compareShare, type ShareVerdict } from './significance.js';

/** How one request ended. */
export interface PodAnswer {
  /** HTTP status; 0 when there was no answer at all. */
  readonly code: number;
  /** Of the pod that answered, if one did. */
  readonly revision?: string;
}

export interface RequestCounts {
  readonly requests: number;
  readonly failures: number;
  readonly byRevision: Readonly<Record<string, number>>;
  /** Of `failures`, those that a pod has answered. */
  readonly failuresByRevision: Readonly<Record<string, number>>;
  readonly byCode: Readonly<Record<string, number>>;
}

export interface Second extends RequestCounts {
  readonly at: Instant;
}

export interface Measured extends Chapter, RequestCounts {
  /** Of its revision among the answered requests, 0 to 1. */
  readonly share: number;
  readonly verdict: ShareVerdict;
}

const SECOND = 1000;
/** Number of single seconds to keep; totals and chapters are kept indefinitely. */
const KEPT_SECONDS = 3600;

/** RequestCounts requests by second, revision and code, and by what the rollout allowed when they were sent. */
export class Recorder {
  readonly #now: () => Instant;
  readonly #total = new Tally();
  readonly #seconds = new Map<Instant, Tally>();
  readonly #chapters = new Map<string, { readonly chapter: Chapter; readonly tally: Tally }>();
  #chapter: Chapter | undefined;

  constructor(now: () => Instant) {
    this.#now = now;
  }

  /** From now on this is true. */
  enter(chapter: Chapter): void {
    this.#chapter = chapter;
  }

  /**
   * A request is sent; the function that is returned counts its answer. A request during which the chapter changed
   * belongs to none: it may have been routed before or after.
   */
  begin(): (answer: PodAnswer) => void {
    const chapter = this.#chapter;
    return answer => {
      this.#total.add(answer);
      this.#second().add(answer);
      if (chapter !== undefined && chapter === this.#chapter) this.#tallyOf(chapter).add(answer);
    };
  }

  get total(): RequestCounts {
    return this.#total.counts();
  }

  /** The oldest first; seconds of the recorder's clock in which nothing was answered are left out. */
  get seconds(): readonly Second[] {
    return [...this.#seconds].map(([at, tally]) => ({ at, ...tally.counts() }));
  }

  /** All seconds that began at this time or later. */
  since(start: Instant): RequestCounts {
    const sum = new Tally();
    for (const [at, tally] of this.#seconds) if (at >= start) sum.addAll(tally.counts());
    return sum.counts();
  }

  /** In the order in which they were entered first, those without requests left out. */
  get chapters(): readonly Measured[] {
    return [...this.#chapters.values()].map(({ chapter, tally }) => measured(chapter, tally.counts()));
  }

  #second(): Tally {
    const at = Math.floor(this.#now() / SECOND) * SECOND;
    const known = this.#seconds.get(at);
    if (known !== undefined) return known;
    const tally = new Tally();
    this.#seconds.set(at, tally);
    const [oldest] = this.#seconds.keys();
    if (this.#seconds.size > KEPT_SECONDS && oldest !== undefined) this.#seconds.delete(oldest);
    return tally;
  }

  #tallyOf(chapter: Chapter): Tally {
    const key = JSON.stringify(chapter);
    const known = this.#chapters.get(key);
    if (known !== undefined) return known.tally;
    const tally = new Tally();
    this.#chapters.set(key, { chapter, tally });
    return tally;
  }
}

/** Whoever asked meant to be served: everything but a success or a redirect is a failure. */
export function isFailure({ code }: Pick<PodAnswer, 'code'>): boolean {
  return code < 200 || code >= 400;
}

function measured(chapter: Chapter, counts: RequestCounts): Measured {
  const fresh = counts.byRevision[chapter.revision] ?? 0;
  const answered = Object.values(counts.byRevision).reduce((sum, count) => sum + count, 0);
  const above = compareShare(fresh, answered, chapter.atMost) === 'too many';
  const settled = chapter.expected === undefined ? 'as expected' : compareShare(fresh, answered, chapter.expected);
  return { ...chapter, ...counts, share: answered === 0 ? 0 : fresh / answered, verdict: above ? 'too many' : settled };
}

class Tally {
  #requests = 0;
  #failures = 0;
  readonly #byRevision: Record<string, number> = {};
  readonly #failuresByRevision: Record<string, number> = {};
  readonly #byCode: Record<string, number> = {};

  add(answer: PodAnswer): void {
    this.#requests += 1;
    increment(this.#byCode, String(answer.code));
    if (answer.revision !== undefined) increment(this.#byRevision, answer.revision);
    if (!isFailure(answer)) return;
    this.#failures += 1;
    if (answer.revision !== undefined) increment(this.#failuresByRevision, answer.revision);
  }

  addAll({ requests, failures, byRevision, failuresByRevision, byCode }: RequestCounts): void {
    this.#requests += requests;
    this.#failures += failures;
    incrementAll(this.#byRevision, byRevision);
    incrementAll(this.#failuresByRevision, failuresByRevision);
    incrementAll(this.#byCode, byCode);
  }

  counts(): RequestCounts {
    return {
      requests: this.#requests,
      failures: this.#failures,
      byRevision: { ...this.#byRevision },
      failuresByRevision: { ...this.#failuresByRevision },
      byCode: { ...this.#byCode },
    };
  }
}

function increment(counts: Record<string, number>, key: string, by = 1): void {
  counts[key] = (counts[key] ?? 0) + by;
}

function incrementAll(counts: Record<string, number>, by: Readonly<Record<string, number>>): void {
  for (const [key, count] of Object.entries(by)) increment(counts, key, count);
}
