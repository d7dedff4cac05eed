import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Delegate, Hook } from '../src/metacontroller/hook.js';
import type { KubeObject } from '../src/metacontroller/object.js';
import { answerCall } from '../src/server/answerCall.js';

interface SyncRoute {
  readonly hook: Hook;
  /** The way to other replicas. Absent: there are none. */
  readonly peers?: { delegate(request: FastifyRequest, parent: KubeObject): Delegate } | undefined;
}

/** POST /sync of the CompositeController: observed children in, desired children and status out. */
export const sync: FastifyPluginAsync<SyncRoute> = async (app, { hook, peers }) => {
  app.post('/sync', request =>
    answerCall(request.body, hook, request.call, parent => peers?.delegate(request, parent)),
  );
};
