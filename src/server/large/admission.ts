import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Slots } from '../../fetch/slots.js';
import { hookError } from '../../schema/errors.js';
import { LARGE } from './size.js';

/** Each holds one of Metacontroller's workers, of which it has five by default: more would leave none for others. */
const MAX_WAITING = 1;

/**
 * Large requests are read one at a time, so that the memory they take is that of one. The others wait with their body
 * unread; one that would wait too long is sent away, and one that is over the limit is refused anyway.
 */
export class Line {
  readonly #slots = new Slots(1);
  readonly #releases = new WeakMap<FastifyRequest, () => void>();

  /** The requests of this scope wait for their turn, and have it until their response is sent. */
  admit(scope: FastifyInstance, bodyLimit: number): void {
    scope.addHook('onRequest', async (request, reply) => {
      const length = lengthOf(request, bodyLimit);
      if (length > LARGE && length <= bodyLimit) await this.enter(request, reply);
    });
  }

  /** Waits for its turn. @throws SR3003 when too many do */
  async enter(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (this.#slots.waiting >= MAX_WAITING) throw hookError('SR3003', {});
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort(hookError('SR2010', {})));
    const release = await this.#slots.acquire(gone.signal);
    this.#releases.set(request, release);
    if (reply.raw.closed) release();
    else reply.raw.once('close', release);
  }

  /** Ends its turn before its response: it waits for another replica. */
  leave(request: FastifyRequest): void {
    this.#releases.get(request)?.();
  }
}

/** One that comes in chunks may be of any, up to the limit. */
function lengthOf({ headers }: FastifyRequest, bodyLimit: number): number {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers;
  if (length !== undefined) return Number(length);
  return encoding === undefined ? 0 : bodyLimit;
}
