import type { FastifyPluginAsync } from 'fastify';
import type { Hook } from '../src/metacontroller/hook.js';
import { readCustomizeRequest } from '../src/metacontroller/readRequest.js';

/** POST /customize of the CompositeController: which other objects a sync of this StormService shall see. */
export const customize: FastifyPluginAsync<{ readonly hook: Hook }> = async (app, { hook }) => {
  app.post('/customize', async ({ body, call }) => {
    const request = readCustomizeRequest(body);
    call.parent = request.parent;
    return hook.customize(request);
  });
};
