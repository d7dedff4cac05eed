/**
 * Several replicas of the hook measure each thing once: a sync with something to measure is answered by the replica
 * that is responsible for its StormService, because that one has the question under way, or the result.
 */
import { setMaxListeners } from 'node:events';
import type { FastifyRequest } from 'fastify';
import { type MonotonicClock, realClock } from '../../fetch/clock.js';
import { Shares } from '../../fetch/shares.js';
import { within } from '../../fetch/within.js';
import type { Delegate } from '../../metacontroller/hook.js';
import type { KubeObject } from '../../metacontroller/object.js';
import { FORWARDED } from '../../schema/forwarded.js';
import type { Named } from '../large/answerLarge.js';
import { LARGE } from '../large/size.js';
import type { Metrics } from '../metrics.js';
import type { ForwardedSync, ForwardResult, PeerClient } from './peerClient.js';
import { readAnswer, readLargeAnswer } from './readAnswer.js';
import { idOf, othersBefore, type Replica } from './replica.js';
import type { Replicas } from './replicas.js';

/** What a replica may take beyond the wait for measurements, and how many are tried. Metacontroller waits 10 s in all. */
const BEYOND_THE_WAIT_MS = 2000;
const TRIED = 2;
/** Syncs that are passed on at a time, by namespace; those beyond are answered here. */
const IN_FLIGHT = { each: 50, all: 100, always: 4 };
const BYTES_IN_FLIGHT = { each: 32 * 1024 * 1024, all: 32 * 1024 * 1024, always: 1024 * 1024 };

export interface PeersOptions {
  readonly replicas: Pick<Replicas, 'present' | 'lost' | 'refresh'>;
  readonly client: Pick<PeerClient, 'sync' | 'close'>;
  readonly metrics: Pick<Metrics, 'forwarded'>;
  /** How long a sync waits for measurements, in milliseconds. */
  readonly waitMs: number;
  /** Whether calls need a token: then it goes along. */
  readonly withToken: boolean;
  readonly clock?: MonotonicClock | undefined;
}

export class Peers {
  readonly #options: PeersOptions;
  readonly #inFlight = new Shares(IN_FLIGHT);
  readonly #bytes = new Shares(BYTES_IN_FLIGHT);
  readonly #bodies = new WeakMap<FastifyRequest, Buffer>();
  readonly #closing = new AbortController();

  constructor(options: PeersOptions) {
    this.#options = options;
    // One listener per sync that is passed on, which are bounded.
    setMaxListeners(0, this.#closing.signal);
  }

  /** Looks up the replicas once. */
  refresh(): Promise<void> {
    return this.#options.replicas.refresh();
  }

  /** Keeps the body of a sync that may have to be passed on, until that is decided. */
  keep(request: FastifyRequest, body: Buffer): void {
    if (mayBePassedOn(request)) this.#bodies.set(request, body);
  }

  delegate(request: FastifyRequest, parent: KubeObject): Delegate {
    return async () => {
      const body = this.#bodies.get(request);
      this.#bodies.delete(request);
      return body && this.#passOn(request, parent, { body, read: readAnswer });
    };
  }

  replicasFor(request: FastifyRequest): readonly Replica[] {
    return mayBePassedOn(request) ? this.#options.replicas.present() : [];
  }

  delegateLarge(request: FastifyRequest, parent: Named, body: Buffer): Promise<Buffer | undefined> {
    return this.#passOn(request, parent, { body, read: readLargeAnswer });
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the hook shuts down'));
    await this.#options.client.close();
  }

  async #passOn<Answer>(
    request: FastifyRequest,
    { metadata: { uid = '', namespace = '' } }: Named,
    sync: ForwardedSync<Answer>,
  ): Promise<Answer | undefined> {
    const { replicas, metrics, withToken } = this.#options;
    const others = othersBefore(uid, replicas.present()).slice(0, TRIED);
    if (others.length === 0) return undefined;
    const release = this.#reserve(namespace, sync.body.length);
    if (release === undefined) {
      metrics.forwarded('limited');
      return undefined;
    }
    const { authorization } = request.headers;
    try {
      return await this.#firstAnswer(request, others, { ...sync, ...(withToken && { authorization }) });
    } finally {
      release();
    }
  }

  /** A replica that does not answer has a successor, on which all the others agree. */
  async #firstAnswer<Answer>(
    { call }: FastifyRequest,
    others: readonly Replica[],
    sync: ForwardedSync<Answer>,
  ): Promise<Answer | undefined> {
    for (const replica of others) {
      const result = await this.#ask(replica, sync);
      this.#options.metrics.forwarded(result.outcome);
      if (result.outcome === 'answered') {
        call.answeredBy = idOf(replica);
        return result.answer;
      }
      if (!isGone(result, sync.body.length)) return undefined;
      this.#options.replicas.lost(replica);
    }
    return undefined;
  }

  #ask<Answer>(replica: Replica, sync: ForwardedSync<Answer>): Promise<ForwardResult<Answer>> {
    const { client, waitMs, clock = realClock } = this.#options;
    const reason = () => new Error('the replica did not answer in time');
    const limit = { ms: waitMs + BEYOND_THE_WAIT_MS, reason, outer: this.#closing.signal, clock };
    return within(limit, signal => client.sync(replica, sync, signal));
  }

  /** Room for one more; undefined when there is none. */
  #reserve(owner: string, bytes: number): (() => void) | undefined {
    if (!this.#inFlight.take(owner)) return undefined;
    if (!this.#bytes.take(owner, bytes)) {
      this.#inFlight.give(owner);
      return undefined;
    }
    return () => {
      this.#inFlight.give(owner);
      this.#bytes.give(owner, bytes);
    };
  }
}

/** What was passed on once is not passed on again, however much replicas disagree. The mark changes nothing else. */
function mayBePassedOn({ routeOptions, headers }: FastifyRequest): boolean {
  return routeOptions.url === '/sync' && headers[FORWARDED] === undefined;
}

/** Nothing that one StormService does makes a replica pass for gone: large requests wait for each other. */
function isGone({ outcome }: ForwardResult<unknown>, bytes: number): boolean {
  return outcome === 'unreachable' || (outcome === 'late' && bytes <= LARGE);
}
