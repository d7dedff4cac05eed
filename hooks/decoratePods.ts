import type { FastifyPluginAsync } from 'fastify';
import type { Hook } from '../src/metacontroller/hook.js';
import { readDecoratePodRequest } from '../src/metacontroller/readRequest.js';

/** POST /decorate-pods of the DecoratorController of pods: which labels and annotations of a running pod change. */
export const decoratePods: FastifyPluginAsync<{ readonly hook: Hook }> = async (app, { hook }) => {
  app.post('/decorate-pods', async ({ body, call }) => {
    const request = readDecoratePodRequest(body);
    call.parent = request.object;
    return hook.decoratePod(request);
  });
};
