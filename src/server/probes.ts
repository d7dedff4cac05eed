import type { FastifyInstance } from 'fastify';
import { errorAnswer, hookError } from '../schema/errors.js';
import type { Lifecycle } from './shutdown.js';

/** GET /healthz: the process is alive. GET /readyz: it is ready for requests. Neither requires a token. */
export function serveProbes(app: FastifyInstance, lifecycle: Lifecycle): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_, reply) => {
    if (!lifecycle.draining) return { status: 'ok' };
    const error = hookError('SR3002', {});
    return reply.code(error.status).send(errorAnswer(error));
  });
}
