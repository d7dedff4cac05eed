import { performance } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import type { Fetcher } from '../fetch/fetcher.js';
import { RecentUse } from '../fetch/recentUse.js';
import { fields } from '../schema/json.js';

/** How the event loop is seen here; replaceable in tests. */
export interface Loop {
  /** Milliseconds. */
  readonly now: () => number;
  /** As setImmediate: those of one round run one after another, and what each of them causes runs in between. */
  readonly soon: (run: () => void) => void;
}

const realLoop: Loop = { now: () => performance.now(), soon: run => setImmediate(run) };

const HALF_LIFE_MS = 60_000;

/** Milliseconds of calls after which all else has the event loop. */
const LONGEST = 10;

/**
 * Calls take turns: a few milliseconds of them each time around the event loop, and next is the namespace that has used
 * it least lately. Metacontroller calls for many StormServices at once; whoever takes little time is not to wait for all
 * that others take.
 */
export class CallTurns {
  readonly #loop: Loop;
  /** Of the event loop. */
  readonly #used = new RecentUse(HALF_LIFE_MS);
  /** By owner, oldest first. */
  readonly #waiting = new Map<string, (() => void)[]>();
  /** Who had the last turn, and since when: until somebody else's, or the end of the round. */
  #current: { readonly owner: string; readonly since: number } | undefined;
  #roundSince = 0;

  constructor(loop = realLoop) {
    this.#loop = loop;
  }

  /** Resolves when it is the owner's turn, at once when nobody else has it. */
  enter(owner: string): Promise<void> {
    return new Promise(granted => {
      const others = this.#waiting.get(owner);
      if (others === undefined) this.#waiting.set(owner, [granted]);
      else others.push(granted);
      if (this.#current !== undefined) return;
      this.#roundSince = this.#loop.now();
      this.#grant();
      this.#loop.soon(() => this.#round());
    });
  }

  /** The same measurements; a sync that has waited for them takes its turn again. */
  before(fetcher: Pick<Fetcher, 'measure'>): Pick<Fetcher, 'measure'> {
    return {
      measure: async (requests, options) => {
        const measurements = await fetcher.measure(requests, options);
        await this.enter(requests[0]?.owner ?? '');
        return measurements;
      },
    };
  }

  /** As many turns as there are calls, as long as there is time. */
  #round(): void {
    this.#charge();
    this.#roundSince = this.#loop.now();
    for (const calls of this.#waiting.values()) for (const _ of calls) this.#loop.soon(() => this.#turn());
    if (this.#waiting.size > 0) this.#loop.soon(() => this.#round());
    else this.#current = undefined;
  }

  #turn(): void {
    this.#charge();
    if (this.#loop.now() - this.#roundSince < LONGEST) this.#grant();
  }

  #grant(): void {
    const now = this.#loop.now();
    let first: { readonly owner: string; readonly ms: number } | undefined;
    for (const owner of this.#waiting.keys()) {
      const ms = this.#used.of(owner, now);
      if (first === undefined || ms < first.ms) first = { owner, ms };
    }
    if (first === undefined) return;
    const { owner } = first;
    const calls = this.#waiting.get(owner) ?? [];
    const granted = calls.shift();
    if (calls.length === 0) this.#waiting.delete(owner);
    this.#current = { owner, since: now };
    granted?.();
  }

  #charge(): void {
    if (this.#current === undefined) return;
    const { owner, since } = this.#current;
    const now = this.#loop.now();
    this.#used.add(owner, now - since, now);
    this.#current = { owner, since: now };
  }
}

/** The calls of this scope take turns before they are answered. */
export function takeTurns(scope: FastifyInstance, turns: CallTurns): void {
  scope.addHook('preHandler', async ({ body }) => {
    const { parent, object } = fields(body);
    const { namespace } = fields(fields(parent ?? object)['metadata']);
    await turns.enter(typeof namespace === 'string' ? namespace : '');
  });
}
