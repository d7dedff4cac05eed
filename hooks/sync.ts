import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Delegate, Hook } from '../src/metacontroller/hook.js';
import type { KubeObject } from '../src/metacontroller/object.js';
import { readSyncRequest } from '../src/metacontroller/readRequest.js';
import { resultOf } from '../src/server/syncResult.js';

interface SyncRoute {
  readonly hook: Hook;
  /** The way to other replicas. Absent: there are none. */
  readonly peers?: { delegate(request: FastifyRequest, parent: KubeObject): Delegate } | undefined;
}

/** POST /sync of the CompositeController: observed children in, desired children and status out. */
export const sync: FastifyPluginAsync<SyncRoute> = async (app, { hook, peers }) => {
  app.post('/sync', async httpRequest => {
    const { body, call } = httpRequest;
    const request = readSyncRequest(body);
    call.parent = request.parent;
    call.related = request.related;
    const answer = await hook.sync(request, peers?.delegate(httpRequest, request.parent));
    call.result = resultOf(request.parent, answer);
    return answer;
  });
};
