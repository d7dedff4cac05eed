import type { FastifyPluginAsync } from 'fastify';
import type { Hook } from '../src/metacontroller/hook.js';
import { readDecorateRequest } from '../src/metacontroller/readRequest.js';

/** POST /decorate of the DecoratorController: which one-shot annotations are used up and shall go. */
export const decorate: FastifyPluginAsync<{ readonly hook: Hook }> = async (app, { hook }) => {
  app.post('/decorate', async ({ body, call }) => {
    const request = readDecorateRequest(body);
    call.parent = request.object;
    call.related = request.related;
    return hook.decorate(request);
  });
};
