import type { FastifyPluginAsync } from 'fastify';
import type { Hook } from '../src/metacontroller/hook.js';
import { answerCall } from '../src/server/answerCall.js';

/** POST /decorate-pods of the DecoratorController of pods: which labels and annotations of a running pod change. */
export const decoratePods: FastifyPluginAsync<{ readonly hook: Hook }> = async (app, { hook }) => {
  app.post('/decorate-pods', ({ body, call }) => answerCall(body, hook, call));
};
