import { Server as HttpsServer } from 'node:https';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { customize } from '../../hooks/customize.js';
import { customizePods } from '../../hooks/customizePods.js';
import { decorate } from '../../hooks/decorate.js';
import { decoratePods } from '../../hooks/decoratePods.js';
import { sync } from '../../hooks/sync.js';
import type { Hook } from '../metacontroller/hook.js';
import { hookError } from '../schema/errors.js';
import { answerErrors } from './answerErrors.js';
import { reportCalls } from './call.js';
import { CallTurns, takeTurns } from './callTurns.js';
import { answerClientError } from './clientError.js';
import type { Config } from './config.js';
import { acceptJsonOnly } from './jsonBody.js';
import type { LargeCalls } from './large/largeCalls.js';
import { serveLarge } from './large/serve.js';
import { LARGE } from './large/size.js';
import { createListener } from './listener.js';
import type { Logger } from './log.js';
import type { Metrics } from './metrics.js';
import { createMetricsApp, serveMetrics } from './metricsPort.js';
import { createPeers, type PeerNetwork } from './peers/createPeers.js';
import { serveProbes } from './probes.js';
import { refuseHooks } from './refuseHooks.js';
import { createReloader, fileValue } from './reload.js';
import { hookTokens, requireToken } from './requireToken.js';
import { type Lifecycle, shutdown } from './shutdown.js';
import { type KeyPairFiles, readKeyPair } from './tls.js';

export interface ServerOptions {
  readonly hook: Hook;
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Absent: large calls are answered as all others are. */
  readonly largeCalls?: LargeCalls | undefined;
  /** Absent: its own. */
  readonly turns?: CallTurns | undefined;
  /** Absent: the real one. */
  readonly network?: PeerNetwork;
}

export interface HookServer {
  /** For `inject`. */
  readonly app: FastifyInstance;
  /** The same, unless `/metrics` has a port of its own. */
  readonly metricsApp: FastifyInstance;
  /** Listens as configured; returns the URL, with the actual port for port 0. Throws SR1003. */
  listen(): Promise<string>;
  /** Checks the token and TLS files once and reloads those that changed. */
  refreshFiles(): void;
  /** Looks up the other replicas once. */
  refreshPeers(): Promise<void>;
  /** Finishes requests in flight and closes; `cut` if that took longer than the grace period. */
  shutdown(): Promise<'finished' | 'cut'>;
}

/** The hook behind HTTP. It runs no timers: the caller schedules `refreshFiles`, `refreshPeers` and `shutdown`. */
export function createServer(options: ServerOptions): HookServer {
  const { hook, config, logger, metrics, largeCalls, turns = new CallTurns(), network = {} } = options;
  const lifecycle: Lifecycle = { draining: false };
  const tokens = hookTokens(config.tokens);
  const keyPair = config.tls && reloadableKeyPair(config.tls, () => app.server);
  const app: FastifyInstance = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: config.limits.body,
    // Requests on open connections are still served while the server closes.
    return503OnClosing: false,
    serverFactory: handler => createListener(handler, config.limits, keyPair?.current),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, logger),
  });

  const certificate = () => keyPair?.current.cert;
  const peers = createPeers({ config, logger, metrics, certificate, app: () => app, network });

  acceptJsonOnly(app, {
    unparsed: largeCalls && LARGE,
    keep: peers && ((request, body) => peers.keep(request, body)),
  });
  answerErrors(app, config.limits.body);
  refuseHooks(app);
  serveProbes(app, lifecycle);
  const metricsApp = config.metrics.port === undefined ? app : createMetricsApp(logger, metrics);
  if (metricsApp === app) serveMetrics(app, metrics);
  app.register(async scope => {
    reportCalls(scope, metrics);
    if (tokens !== undefined) requireToken(scope, tokens);
    if (largeCalls !== undefined) serveLarge(scope, { calls: largeCalls, bodyLimit: config.limits.body, peers });
    takeTurns(scope, turns);
    await scope.register(sync, { hook, peers });
    await scope.register(customize, { hook });
    await scope.register(decorate, { hook });
    await scope.register(customizePods, { hook });
    await scope.register(decoratePods, { hook });
  });
  app.addHook('onClose', async () => peers?.close());
  app.addHook('onSend', async (_, reply) => {
    if (lifecycle.draining) reply.header('connection', 'close');
  });

  return {
    app,
    metricsApp,
    async listen() {
      if (config.metrics.port !== undefined) await listen(metricsApp, { host: config.host, port: config.metrics.port });
      return listen(app, config);
    },
    refreshPeers: async () => peers?.refresh(),
    refreshFiles: createReloader(
      [tokens, keyPair].filter(value => value !== undefined),
      logger,
    ),
    async shutdown() {
      const result = await shutdown(app, lifecycle, config.shutdown);
      await metricsApp.close();
      return result;
    },
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

type Listening = Pick<Config, 'host' | 'port' | 'tls'>;

async function listen(app: FastifyInstance, { host, port, tls }: Listening): Promise<string> {
  // Fastify takes a server that it did not create for plain HTTP.
  const withScheme = (url: string) => (tls ? url.replace(/^http:/, 'https:') : url);
  try {
    return withScheme(await app.listen({ host, port, listenTextResolver: url => `listening at ${withScheme(url)}` }));
  } catch (cause) {
    throw hookError('SR1003', { host, port, problem: cause instanceof Error ? cause.message : String(cause) });
  }
}
