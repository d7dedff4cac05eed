import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ObjectMap } from '../metacontroller/hook.js';
import type { KubeObject } from '../metacontroller/object.js';
import type { HookName } from '../metacontroller/readRequest.js';
import { withoutSecrets } from '../metacontroller/withoutSecrets.js';
import { type HookError, hookError } from '../schema/errors.js';
import { describeError } from './log.js';
import type { CallOutcome, Metrics } from './metrics.js';
import type { SyncResult } from './syncResult.js';

/** A hook call, collected while it runs and reported once, to log and metrics, when it ends. */
export interface Call {
  readonly hook: HookName;
  parent?: Pick<KubeObject, 'metadata'>;
  /** Needed only to keep Secrets out of the log. */
  related?: ObjectMap | undefined;
  /** Only of a sync. */
  result?: SyncResult;
  error?: HookError;
  /** The replica that answered in the place of this one. */
  answeredBy?: string;
  reported?: true;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set only on hook routes. */
    call: Call;
  }
}

/** Reports every call of the routes in this scope to log and metrics. */
export function reportCalls(scope: FastifyInstance, metrics: Metrics): void {
  scope.addHook('onRequest', async (request, reply) => {
    const call: Call = { hook: request.routeOptions.url?.slice(1) as HookName };
    request.call = call;
    reply.raw.once('close', () => {
      if (call.reported) return;
      call.error ??= hookError('SR2010', {});
      report(request, call, reply.elapsedTime, metrics);
    });
  });
  scope.addHook('onResponse', async (request, reply) => report(request, request.call, reply.elapsedTime, metrics));
}

function report(request: FastifyRequest, call: Call, milliseconds: number, metrics: Metrics): void {
  const { hook, parent, result, error } = call;
  call.reported = true;
  metrics.called(hook, outcomeOf(call), milliseconds / 1000);
  if (error !== undefined) metrics.failed(hook, error.code);
  if (error === undefined && parent !== undefined && result !== undefined) {
    metrics.rollouts.seen(parent, result.summary);
  }
  request.log[levelOf(call)](logFields(call, milliseconds), error?.message ?? `${hook} responded`);
}

function outcomeOf({ error, result }: Call): CallOutcome {
  if (error === undefined) return result?.isInvalidSpec ? 'invalid_spec' : 'ok';
  switch (error.kind) {
    case 'inconclusive':
      return 'gone';
    case 'terminal':
      return 'refused';
    case 'retryable':
      return 'failed';
    default:
      return error.kind satisfies never;
  }
}

function levelOf({ result, error, answeredBy }: Call): 'debug' | 'info' | 'warn' | 'error' {
  if (error !== undefined) return error.kind === 'retryable' ? 'error' : 'warn';
  // News is in the log of the replica that answered.
  if (answeredBy !== undefined) return 'debug';
  return result?.isNews ? 'info' : 'debug';
}

/** Names, numbers and outcomes; never a whole object. */
function logFields(call: Call, milliseconds: number): Readonly<Record<string, unknown>> {
  const { hook, parent, result, error, related, answeredBy } = call;
  const cause = error?.cause;
  return {
    hook,
    ...(parent && { namespace: parent.metadata.namespace, name: parent.metadata.name, uid: parent.metadata.uid }),
    durationMs: Math.round(milliseconds * 100) / 100,
    outcome: outcomeOf(call),
    ...(answeredBy !== undefined && { answeredBy }),
    ...(result && {
      ...result.summary,
      children: result.children,
      resyncAfterSeconds: result.resyncAfterSeconds,
    }),
    ...(error && { code: error.code, kind: error.kind }),
    ...(cause !== undefined && { cause: describeError(cause, text => withoutSecrets(text, related)) }),
  };
}
