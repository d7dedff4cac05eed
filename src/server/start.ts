import { collectDefaultMetrics } from 'prom-client';
import type { Hook } from '../metacontroller/hook.js';
import { HookError } from '../schema/errors.js';
import { createServer, type HookServer } from './app.js';
import type { CallTurns } from './callTurns.js';
import { type Config, readConfig } from './config.js';
import type { LargeCalls } from './large/largeCalls.js';
import { createLogger, describeError, type Logger } from './log.js';
import { createMetrics, type Metrics } from './metrics.js';
import { version } from './version.js';
import { warmUp } from './warmUp.js';

/** The parts of the process that the program uses, replaceable in tests. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls the listener once when a signal arrives. */
  readonly once: (signal: 'SIGTERM' | 'SIGINT', listener: () => void) => unknown;
  readonly exit: (code: number) => void;
  readonly log: (level: Config['logLevel']) => Logger;
}

/** The hook and its open resources. */
export interface Service {
  readonly hook: Hook;
  readonly largeCalls?: LargeCalls;
  readonly turns?: CallTurns;
  close(): Promise<void>;
}

/** How often the other replicas are looked up. */
const PEERS_REFRESH_MS = 5000;

/** Serves the hook until a signal arrives, then exits with 0; exits with 1 if it cannot start. */
export async function start(
  createService: (config: Config, metrics: Metrics) => Service,
  { env, once, exit, log }: Surroundings,
): Promise<void> {
  try {
    const config = readConfig(env);
    const logger = log(config.logLevel);
    const metrics = createMetrics({ ...config.metrics, now: Date.now, version });
    collectDefaultMetrics({ register: metrics.registry });
    const service = createService(config, metrics);
    await warmUp(service.hook);
    const server = createServer({ ...service, config, logger, metrics });
    // A second signal has no listener and ends the process immediately.
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      once(signal, () => void stop({ server, service, logger, exit }, signal));
    setInterval(server.refreshFiles, config.fileReloadInterval).unref();
    await server.listen();
    void server.refreshPeers();
    setInterval(server.refreshPeers, PEERS_REFRESH_MS).unref();
  } catch (error) {
    log('fatal').fatal(error instanceof HookError ? { code: error.code, msg: error.message } : describeError(error));
    exit(1);
  }
}

interface Running {
  readonly server: HookServer;
  readonly service: Service;
  readonly logger: Logger;
  readonly exit: (code: number) => void;
}

async function stop({ server, service, logger, exit }: Running, signal: string): Promise<void> {
  logger.info({ signal }, 'shutting down');
  const result = await server.shutdown();
  await service.close();
  logger.info(
    { signal },
    result === 'cut' ? 'shut down after the grace period; requests in flight were cut off' : 'shut down',
  );
  exit(0);
}

/** Those of the real process. */
export const realSurroundings: Surroundings = {
  env: process.env,
  once: (signal, listener) => process.once(signal, listener),
  exit: code => process.exit(code),
  log: createLogger,
};
