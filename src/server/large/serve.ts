import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type HookError, hookError, restoredError } from '../../schema/errors.js';
import type { Replica } from '../peers/replica.js';
import { Line } from './admission.js';
import type { LargeAnswer, Named } from './answerLarge.js';
import type { LargeCalls } from './largeCalls.js';

/** The way of a large sync to other replicas. */
export interface LargePeers {
  /** The replicas that may answer it; none if it must be answered here. */
  replicasFor(request: FastifyRequest): readonly Replica[];
  /** The response of the replica that measures for its StormService; undefined: this one answers. Never rejects. */
  delegateLarge(request: FastifyRequest, parent: Named, body: Buffer): Promise<Buffer | undefined>;
}

export interface ServeLargeOptions {
  readonly calls: LargeCalls;
  readonly bodyLimit: number;
  /** Absent: there are none. */
  readonly peers: LargePeers | undefined;
}

/** The routes of this scope leave large requests to another thread. Their bodies arrive unparsed. */
export function serveLarge(scope: FastifyInstance, { calls, bodyLimit, peers }: ServeLargeOptions): void {
  const line = new Line();
  line.admit(scope, bodyLimit);
  scope.addHook('preHandler', async (request, reply) => {
    const { body, call } = request;
    if (!Buffer.isBuffer(body)) return undefined;
    const answered = await calls.answer(call.hook, body, peers?.replicasFor(request) ?? []);
    if (answered.parent) call.parent = answered.parent;
    const response =
      answered.ok && 'delegated' in answered
        ? await delegate(request, reply, answered.parent, Buffer.from(answered.delegated.buffer))
        : responseOf(request, answered);
    return reply.type('application/json; charset=utf-8').send(response);
  });

  /** Others have their turn meanwhile: two replicas must not wait for each other. */
  async function delegate(
    request: FastifyRequest,
    reply: FastifyReply,
    parent: Named | undefined,
    body: Buffer,
  ): Promise<Buffer> {
    line.leave(request);
    const response = parent && (await peers?.delegateLarge(request, parent, body));
    if (response !== undefined) return response;
    if (reply.raw.closed) throw hookError('SR2010', {});
    await line.enter(request, reply);
    // A copy is handed over: what is left of sending it may still use the bytes.
    return responseOf(request, await calls.answer(request.call.hook, Buffer.from(body), []));
  }
}

function responseOf({ call, id }: FastifyRequest, answered: LargeAnswer): Buffer {
  if (!answered.ok) throw errorOf(answered, id);
  if (!('json' in answered)) throw new Error('a sync that must be answered here was given back');
  if (answered.result) call.result = answered.result;
  return Buffer.from(answered.json.buffer);
}

function errorOf(answered: Extract<LargeAnswer, { readonly ok: false }>, requestId: string): HookError {
  if ('code' in answered) return restoredError(answered.code, answered.message);
  return hookError('SR3001', { requestId }, { cause: new ErrorInThread(answered.cause) });
}

/** An error as it was described in another thread. */
class ErrorInThread extends Error {
  constructor({ type, message, stack }: Readonly<Record<string, unknown>>) {
    super(String(message));
    this.name = String(type);
    this.stack = String(stack);
  }
}
