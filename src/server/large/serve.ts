import type { FastifyInstance } from 'fastify';
import { type HookError, hookError, restoredError } from '../../schema/errors.js';
import { admitLarge } from './admission.js';
import type { LargeAnswer } from './answerLarge.js';
import type { LargeCalls } from './largeCalls.js';

/** The routes of this scope leave large requests to another thread. Their bodies arrive unparsed. */
export function serveLarge(scope: FastifyInstance, calls: LargeCalls, bodyLimit: number): void {
  admitLarge(scope, bodyLimit);
  scope.addHook('preHandler', async ({ body, call, id }, reply) => {
    if (!Buffer.isBuffer(body)) return undefined;
    const answered = await calls.answer(call.hook, body);
    if (answered.parent) call.parent = answered.parent;
    if (!answered.ok) throw errorOf(answered, id);
    if (answered.result) call.result = answered.result;
    return reply.type('application/json; charset=utf-8').send(Buffer.from(answered.json.buffer));
  });
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
