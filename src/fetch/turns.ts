import type { MonotonicClock } from './clock.js';

/** Time on the event loop, in milliseconds: how much at once, and how much comes back per second. */
export interface TimeShare {
  readonly atOnce: number;
  readonly perSecond: number;
}

export interface TurnRules {
  readonly each: TimeShare;
  readonly all: TimeShare;
}

/** What was used, in milliseconds, up to `at`. */
interface Used {
  /** Less what has come back since. */
  readonly ms: number;
  /** Lately: what it was a while ago counts half. */
  readonly lately: number;
  readonly at: number;
}

const NOTHING: Used = { ms: 0, lately: 0, at: 0 };

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
    const candidates = [...this.#waiting.keys()].map(owner => {
      const used = this.#used.get(owner);
      return { owner, inMs: backIn(used, each, now), lately: usedAt(used, each, now).lately };
    });
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
    this.#sincePause += ms;
    this.#forget(now);
  }

  /** Those who have used next to nothing. */
  #forget(now: number): void {
    if (this.#used.size <= MAX_KNOWN) return;
    for (const [owner, used] of this.#used) {
      const { ms, lately } = usedAt(used, this.#rules.each, now);
      if (ms === 0 && lately < 1) this.#used.delete(owner);
    }
  }
}

interface Candidate {
  readonly owner: string;
  readonly inMs: number;
  readonly lately: number;
}

function usedAt({ ms, lately, at }: Used = NOTHING, { perSecond }: TimeShare, now: number): Used {
  const passed = now - at;
  return {
    ms: Math.max(0, ms - (passed * perSecond) / 1000),
    lately: lately * 2 ** (-passed / HALF_LIFE_MS),
    at: now,
  };
}

function plus(used: Used | undefined, share: TimeShare, now: number, more: number): Used {
  const { ms, lately } = usedAt(used, share, now);
  return { ms: ms + more, lately: lately + more, at: now };
}

/** Milliseconds until the share allows more. */
function backIn(used: Used | undefined, share: TimeShare, now: number): number {
  const tooMuch = usedAt(used, share, now).ms - share.atOnce;
  return tooMuch < 0 ? 0 : Math.ceil(((tooMuch + 1) / share.perSecond) * 1000);
}
