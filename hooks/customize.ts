import type { FastifyPluginAsync } from 'fastify';
import type { Hook } from '../src/metacontroller/hook.js';
import { answerCall } from '../src/server/answerCall.js';

/** POST /customize of the CompositeController: which other objects a sync of this StormService shall see. */
export const customize: FastifyPluginAsync<{ readonly hook: Hook }> = async (app, { hook }) => {
  app.post('/customize', ({ body, call }) => answerCall(body, hook, call));
};
