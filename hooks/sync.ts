import type { FastifyPluginAsync } from 'fastify';
import type { Hook } from '../src/metacontroller/hook.js';
import { readSyncRequest } from '../src/metacontroller/readRequest.js';
import { resultOf } from '../src/server/syncResult.js';

/** POST /sync of the CompositeController: observed children in, desired children and status out. */
export const sync: FastifyPluginAsync<{ readonly hook: Hook }> = async (app, { hook }) => {
  app.post('/sync', async ({ body, call }) => {
    const request = readSyncRequest(body);
    call.parent = request.parent;
    call.related = request.related;
    const answer = await hook.sync(request);
    call.result = resultOf(request.parent, answer);
    return answer;
  });
};
