import type { FastifyPluginAsync } from 'fastify';
import type { Hook } from '../src/metacontroller/hook.js';
import { answerCall } from '../src/server/answerCall.js';

/** POST /customize-pods of the DecoratorController of pods: it is to see the ReplicaSet of each. */
export const customizePods: FastifyPluginAsync<{ readonly hook: Hook }> = async (app, { hook }) => {
  app.post('/customize-pods', ({ body, call }) => answerCall(body, hook, call));
};
