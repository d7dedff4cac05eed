import type { FastifyInstance } from 'fastify';
import { errorAnswer, HookError, hookError } from '../schema/errors.js';

/**
 * Responds to every exception with a code and a message of the registry. An unexpected exception becomes a 500 without
 * details: Metacontroller then leaves every object unchanged, and the log has the cause.
 */
export function answerErrors(app: FastifyInstance, bodyLimit: number): void {
  app.setErrorHandler(async (thrown, request, reply) => {
    const error = toHookError(thrown, request.id, bodyLimit);
    if (request.call) request.call.error = error;
    return reply.code(error.status).send(errorAnswer(error));
  });
  app.setNotFoundHandler(async ({ method, url }, reply) => {
    const error = hookError('SR2007', { method, path: url.split('?', 1)[0] ?? '' });
    return reply.code(error.status).send(errorAnswer(error));
  });
}

function toHookError(thrown: unknown, requestId: string, limit: number): HookError {
  if (thrown instanceof HookError) return thrown;
  switch (codeOf(thrown)) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return hookError('SR2005', { limit });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return hookError('SR2006', {});
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return hookError('SR2009', { problem: 'the length of the body differs from its Content-Length' });
    default:
      return hookError('SR3001', { requestId }, { cause: thrown });
  }
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}
