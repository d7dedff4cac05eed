import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { answerErrors } from './answerErrors.js';
import type { Logger } from './log.js';
import type { Metrics } from './metrics.js';
import { refuseHooks } from './refuseHooks.js';

/** GET /metrics. Requires no token. */
export function serveMetrics(app: FastifyInstance, metrics: Metrics): void {
  app.get('/metrics', async (_, reply) => reply.type(metrics.registry.contentType).send(await metrics.expose()));
}

/** A server for /metrics alone: who may scrape the hook needs no way to call it. */
export function createMetricsApp(logger: Logger, metrics: Metrics): FastifyInstance {
  const app = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1,
    connectionTimeout: 30_000,
    requestTimeout: 10_000,
  });
  answerErrors(app, 1);
  refuseHooks(app);
  serveMetrics(app, metrics);
  return app;
}
