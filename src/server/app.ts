import { Server as HttpsServer } from 'node:https';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { customize } from '../../hooks/customize.js';
import { decorate } from '../../hooks/decorate.js';
import { sync } from '../../hooks/sync.js';
import type { Hook } from '../metacontroller/hook.js';
import { hookError } from '../schema/errors.js';
import { answerErrors } from './answerErrors.js';
import { tellCalls } from './call.js';
import { answerClientError } from './clientError.js';
import type { Config } from './config.js';
import { acceptJsonOnly } from './jsonBody.js';
import { createListener } from './listener.js';
import type { Logger } from './log.js';
import type { Metrics } from './metrics.js';
import { serveProbes } from './probes.js';
import { createReloader, fileValue } from './reload.js';
import { hookTokens, requireToken } from './requireToken.js';
import { type Lifecycle, shutdown } from './shutdown.js';
import { type KeyPairFiles, readKeyPair } from './tls.js';

export interface ServerOptions {
  readonly hook: Hook;
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface HookServer {
  /** For `inject`. */
  readonly app: FastifyInstance;
  /** Listens as configured; gives the URL, with the port that was free for port 0. Throws SR1003. */
  listen(): Promise<string>;
  /** Looks at token and TLS files once, and takes over what changed. */
  refreshFiles(): void;
  /** Finishes what is in flight and closes; `cut` when that took longer than the grace. */
  shutdown(): Promise<'finished' | 'cut'>;
}

/** The hook behind HTTP. No timer runs: whoever starts it calls `refreshFiles` and `shutdown` when it is time. */
export function createServer({ hook, config, logger, metrics }: ServerOptions): HookServer {
  const lifecycle: Lifecycle = { draining: false };
  const tokens = hookTokens(config.tokens);
  const keyPair = config.tls && reloadableKeyPair(config.tls, () => app.server);
  const app: FastifyInstance = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: config.limits.body,
    // What still arrives on open connections while the server closes is answered like any other request.
    return503OnClosing: false,
    serverFactory: handler => createListener(handler, config.limits, keyPair?.current),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, logger),
  });

  acceptJsonOnly(app);
  answerErrors(app, config.limits.body);
  serveProbes(app, lifecycle);
  app.get('/metrics', async (_, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  app.register(async scope => {
    tellCalls(scope, metrics);
    if (tokens !== undefined) requireToken(scope, tokens);
    await scope.register(sync, { hook });
    await scope.register(customize, { hook });
    await scope.register(decorate, { hook });
  });
  app.addHook('onSend', async (_, reply) => {
    if (lifecycle.draining) reply.header('connection', 'close');
  });

  return {
    app,
    listen: () => listen(app, config),
    refreshFiles: createReloader(
      [tokens, keyPair].filter(value => value !== undefined),
      logger,
    ),
    shutdown: () => shutdown(app, lifecycle, config.shutdown),
  };
}

function reloadableKeyPair(files: KeyPairFiles, server: () => unknown) {
  return fileValue(
    'TLS_CERT_FILE and TLS_KEY_FILE',
    () => readKeyPair(files),
    keyPair => {
      const listening = server();
      if (listening instanceof HttpsServer) listening.setSecureContext({ ...keyPair, minVersion: 'TLSv1.2' });
    },
  );
}

async function listen(app: FastifyInstance, { host, port, tls }: Config): Promise<string> {
  // Fastify sees a server that it did not make and takes it for plain HTTP.
  const withScheme = (url: string) => (tls ? url.replace(/^http:/, 'https:') : url);
  try {
    return withScheme(await app.listen({ host, port, listenTextResolver: url => `listening at ${withScheme(url)}` }));
  } catch (cause) {
    throw hookError('SR1003', { host, port, problem: cause instanceof Error ? cause.message : String(cause) });
  }
}
