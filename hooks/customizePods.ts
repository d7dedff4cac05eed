import type { FastifyPluginAsync } from 'fastify';
import type { Hook } from '../src/metacontroller/hook.js';
import { readCustomizePodRequest } from '../src/metacontroller/readRequest.js';

/** POST /customize-pods of the DecoratorController of pods: it is to see the ReplicaSet of each. */
export const customizePods: FastifyPluginAsync<{ readonly hook: Hook }> = async (app, { hook }) => {
  app.post('/customize-pods', async ({ body, call }) => {
    const request = readCustomizePodRequest(body);
    call.parent = request.parent;
    return hook.customizePod(request);
  });
};
