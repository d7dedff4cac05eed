/**
 * Several replicas of the hook measure each thing once: a sync with something to measure is answered by the replica
 * that is responsible for its StormService, because that one has the question under way, or the result.
 */
import { setMaxListeners } from 'node:events';
import type { FastifyRequest } from 'fastify';
import { type MonotonicClock, realClock } from '../../fetch/clock.js';
import { Shares } from '../../fetch/shares.js';
import { within } from '../../fetch/within.js';
import type { Delegate, SyncAnswer } from '../../metacontroller/hook.js';
import type { KubeObject } from '../../metacontroller/object.js';
import { FORWARDED } from '../../schema/forwarded.js';
import type { Metrics } from '../metrics.js';
import type { ForwardedSync, ForwardResult, PeerClient } from './peerClient.js';
import { idOf, type Replica } from './replica.js';
import type { Replicas } from './replicas.js';

/** What a replica may take beyond the wait for measurements, and how many are tried. Metacontroller waits 10 s in all. */
const BEYOND_THE_WAIT_MS = 2000;
const TRIED = 2;
/** Syncs that are passed on at a time, by namespace; those beyond are answered here. */
const IN_FLIGHT = { each: 50, all: 100, always: 4 };
const BYTES_IN_FLIGHT = { each: 32 * 1024 * 1024, all: 32 * 1024 * 1024, always: 1024 * 1024 };

export interface PeersOptions {
  readonly replicas: Pick<Replicas, 'before' | 'lost' | 'refresh'>;
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
    if (request.routeOptions.url === '/sync' && !isForwarded(request)) this.#bodies.set(request, body);
  }

  /** What was passed on once is not passed on again, however much replicas disagree. */
  delegate(request: FastifyRequest, parent: KubeObject): Delegate {
    return async () => {
      const body = this.#bodies.get(request);
      this.#bodies.delete(request);
      if (body === undefined) return undefined;
      const others = this.#options.replicas.before(parent.metadata.uid ?? '');
      if (others.length === 0) return undefined;
      return this.#passOn(request, others, { body, owner: parent.metadata.namespace ?? '' });
    };
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the hook shuts down'));
    await this.#options.client.close();
  }

  async #passOn(
    request: FastifyRequest,
    others: readonly Replica[],
    { body, owner }: { readonly body: Buffer; readonly owner: string },
  ): Promise<SyncAnswer | undefined> {
    const { metrics, withToken } = this.#options;
    const release = this.#reserve(owner, body.length);
    if (release === undefined) {
      metrics.forwarded('limited');
      return undefined;
    }
    const { authorization } = request.headers;
    try {
      return await this.#firstAnswer(request, others.slice(0, TRIED), { body, ...(withToken && { authorization }) });
    } finally {
      release();
    }
  }

  /** A replica that does not answer has a successor, on which all the others agree. */
  async #firstAnswer(
    { call }: FastifyRequest,
    others: readonly Replica[],
    sync: ForwardedSync,
  ): Promise<SyncAnswer | undefined> {
    for (const replica of others) {
      const result = await this.#ask(replica, sync);
      this.#options.metrics.forwarded(result.outcome);
      switch (result.outcome) {
        case 'answered':
          call.answeredBy = idOf(replica);
          return result.answer;
        case 'refused':
          return undefined;
        case 'unreachable':
          this.#options.replicas.lost(replica);
          break;
        default:
          return result satisfies never;
      }
    }
    return undefined;
  }

  #ask(replica: Replica, sync: ForwardedSync): Promise<ForwardResult> {
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

/** Whether another replica passed a request on. It changes only who answers. */
function isForwarded({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return headers[FORWARDED] !== undefined;
}
