import type { FastifyPluginAsync } from 'fastify';
import type { Hook } from '../src/metacontroller/hook.js';
import { answerCall } from '../src/server/answerCall.js';

/** POST /decorate of the DecoratorController: which one-shot annotations are used up and shall go. */
export const decorate: FastifyPluginAsync<{ readonly hook: Hook }> = async (app, { hook }) => {
  app.post('/decorate', ({ body, call }) => answerCall(body, hook, call));
};
