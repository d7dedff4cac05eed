import { collectDefaultMetrics } from 'prom-client';
import type { Hook } from '../metacontroller/hook.js';
import { HookError } from '../schema/errors.js';
import { createServer, type HookServer } from './app.js';
import { type Config, readConfig } from './config.js';
import { createLogger, describeError, type Logger } from './log.js';
import { createMetrics, type Metrics } from './metrics.js';
import { version } from './version.js';
import { warmUp } from './warmUp.js';

/** What the program has from its process, so that a test can stand in for it. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls back once when a signal arrives. */
  readonly once: (signal: 'SIGTERM' | 'SIGINT', listener: () => void) => unknown;
  readonly exit: (code: number) => void;
  readonly log: (level: Config['logLevel']) => Logger;
}

/** The hook and what it holds open. */
export interface Service {
  readonly hook: Hook;
  close(): Promise<void>;
}

/** Serves the hook until a signal comes, then ends the process with 0; with 1 when it cannot start. */
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
    const server = createServer({ hook: service.hook, config, logger, metrics });
    // A second signal finds no listener and ends the process at once.
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      once(signal, () => void stop({ server, service, logger, exit }, signal));
    setInterval(server.refreshFiles, config.fileReloadInterval).unref();
    await server.listen();
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
  logger.info({ signal }, result === 'cut' ? 'shut down; the grace ran out and requests were cut' : 'shut down');
  exit(0);
}

/** The surroundings of the real program. */
export const realSurroundings: Surroundings = {
  env: process.env,
  once: (signal, listener) => process.once(signal, listener),
  exit: code => process.exit(code),
  log: createLogger,
};
