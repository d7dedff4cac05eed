import type { MonotonicClock } from './clock.js';
import { RecentUse } from './recentUse.js';

/** Time on the event loop, in milliseconds: how much at once, and how much comes back per second. */
export interface TimeShare {
  readonly atOnce: number;
  readonly perSecond: number;
}

export interface TurnRules {
  readonly each: TimeShare;
  readonly all: TimeShare;
}

/** What was used, in milliseconds, less what had come back by `at`. */
interface Used {
  readonly ms: number;
  readonly at: number;
}

const NOTHING: Used = { ms: 0, at: 0 };

const HALF_LIFE_MS = 60_000;

/** Milliseconds of work after which others have the event loop. */
const LONGEST = 1;

/** Owners whose use is remembered, at least. */
const MAX_KNOWN = 1000;

/**
 * The event loop for work that takes as long as strangers make it: one piece at a time, with pauses for everybody else.
 * Each owner has a share, and all have one together. It is the turn of who has used least lately, so that who needs
 * little waits for no more than one piece of another's work.
 */
export class Turns {
  readonly #rules: TurnRules;
  readonly #clock: MonotonicClock;
  readonly #used = new Map<string, Used>();
  readonly #lately = new RecentUse(HALF_LIFE_MS);
  #usedByAll = NOTHING;
  /** By owner, oldest first. Each does its work. */
  readonly #waiting = new Map<string, Set<() => void>>();
  /** Since others had the event loop. */
  #sincePause = 0;
  #isPaused = false;
  #cancel = () => {};

  constructor(rules: TurnRules, clock: MonotonicClock) {
    this.#rules = rules;
    this.#clock = clock;
  }

  /**
   * Does the work when it is the owner's turn: immediately, unless somebody waits or has just had a turn.
   * @throws what the work throws; the signal's reason when it is aborted first
   */
  take<Value>(owner: string, signal: AbortSignal, work: () => Value): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const granted = () => {
        signal.removeEventListener('abort', aborted);
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      };
      const aborted = () => {
        this.#leave(owner, granted);
        reject(signal.reason);
      };
      signal.addEventListener('abort', aborted, { once: true });
      this.#waiting.set(owner, (this.#waiting.get(owner) ?? new Set()).add(granted));
      this.#turn();
    });
  }

  #leave(owner: string, granted: () => void): void {
    const waiting = this.#waiting.get(owner);
    waiting?.delete(granted);
    if (waiting?.size === 0) this.#waiting.delete(owner);
  }

  #turn(): void {
    if (this.#isPaused || this.#waiting.size === 0) return;
    this.#cancel();
    const now = this.#clock.now();
    const { owner, inMs } = this.#next(now);
    const wait = Math.max(inMs, backIn(this.#usedByAll, this.#rules.all, now));
    if (wait > 0) this.#cancel = this.#clock.after(wait, () => this.#turn());
    else this.#work(owner);
  }

  /** Of those whose share allows more, who has used least lately; else who has to wait least. */
  #next(now: number): Candidate {
    const { each } = this.#rules;
    const candidates = [...this.#waiting.keys()].map(owner => ({
      owner,
      inMs: backIn(this.#used.get(owner), each, now),
      lately: this.#lately.of(owner, now),
    }));
    return candidates.reduce((first, other) =>
      other.inMs < first.inMs || (other.inMs === first.inMs && other.lately < first.lately) ? other : first,
    );
  }

  #work(owner: string): void {
    const [granted] = this.#waiting.get(owner) ?? [];
    if (granted === undefined) return;
    this.#leave(owner, granted);
    const before = this.#clock.now();
    granted();
    this.#charge(owner, this.#clock.now() - before);
    if (this.#sincePause < LONGEST) this.#turn();
    else this.#pause();
  }

  #pause(): void {
    this.#isPaused = true;
    this.#clock.after(0, () => {
      this.#isPaused = false;
      this.#sincePause = 0;
      this.#turn();
    });
  }

  #charge(owner: string, ms: number): void {
    const now = this.#clock.now();
    const { each, all } = this.#rules;
    this.#used.set(owner, plus(this.#used.get(owner), each, now, ms));
    this.#usedByAll = plus(this.#usedByAll, all, now, ms);
    this.#lately.add(owner, ms, now);
    this.#sincePause += ms;
    this.#forget(now);
  }

  /** Those to whom all has come back. */
  #forget(now: number): void {
    if (this.#used.size <= MAX_KNOWN) return;
    for (const [owner, used] of this.#used) {
      if (usedAt(used, this.#rules.each, now) === 0) this.#used.delete(owner);
    }
  }
}

interface Candidate {
  readonly owner: string;
  readonly inMs: number;
  readonly lately: number;
}

function usedAt({ ms, at }: Used = NOTHING, { perSecond }: TimeShare, now: number): number {
  return Math.max(0, ms - ((now - at) * perSecond) / 1000);
}

function plus(used: Used | undefined, share: TimeShare, now: number, more: number): Used {
  return { ms: usedAt(used, share, now) + more, at: now };
}

/** Milliseconds until the share allows more. */
function backIn(used: Used | undefined, share: TimeShare, now: number): number {
  const tooMuch = usedAt(used, share, now) - share.atOnce;
  return tooMuch < 0 ? 0 : Math.ceil(((tooMuch + 1) / share.perSecond) * 1000);
}
