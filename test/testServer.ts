import supertest from 'supertest';
import { onTestFinished } from 'vitest';
import type { Hook, SyncAnswer } from '../src/metacontroller/hook.js';
import { createServer, type HookServer } from '../src/server/app.js';
import { readConfig } from '../src/server/config.js';
import type { LargeCalls } from '../src/server/large/largeCalls.js';
import { createLogger } from '../src/server/log.js';
import { createMetrics, type Metrics } from '../src/server/metrics.js';
import type { PeerNetwork } from '../src/server/peers/createPeers.js';

export interface TestServer extends HookServer {
  /** Log lines since it listens, parsed. */
  lines(): Record<string, unknown>[];
  /** The log as it was written. */
  log(): string;
}

export interface TestServerOptions {
  readonly hook?: Partial<Hook>;
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: () => number;
  /** Its own by default. */
  readonly metrics?: Metrics;
  readonly largeCalls?: LargeCalls;
  /** How it finds other replicas. */
  readonly network?: PeerNetwork;
}

/** A status with everything that log and metrics read. */
export const pausedStatus = {
  replicas: 10,
  rolloutStatus: {
    phase: 'Paused',
    message: 'waiting for approval of step 2',
    step: '2/5 pause until approved',
    currentStepIndex: 1,
    canaryWeight: 10,
    observedWeight: 10,
  },
};

export const syncAnswer: SyncAnswer = { status: pausedStatus, children: [], resyncAfterSeconds: 5 };

/** A server that listens, at an address that only this test has. */
export interface StartedServer extends TestServer {
  readonly url: string;
}

/** The real server around a hook whose calls answer what the test says. */
export function testServer({
  hook = {},
  env = {},
  now = () => 0,
  metrics,
  largeCalls,
  network = {},
}: TestServerOptions = {}): TestServer {
  const written: string[] = [];
  const config = readConfig({ HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'debug', SHUTDOWN_GRACE: '5s', ...env });
  const server = createServer({
    hook: {
      sync: async () => syncAnswer,
      customize: async () => ({ relatedResources: [] }),
      decorate: async () => ({ annotations: {}, attachments: [] }),
      customizePod: async () => ({ relatedResources: [] }),
      decoratePod: async () => ({ annotations: {}, attachments: [] }),
      ...hook,
    },
    config,
    network,
    logger: createLogger(config.logLevel, { write: line => void written.push(line) }),
    metrics: metrics ?? createMetrics({ now, version: '1.2.3', ...config.metrics }),
    largeCalls,
  });
  return {
    ...server,
    listen: async () => {
      const url = await server.listen();
      written.length = 0;
      return url;
    },
    log: () => written.join(''),
    lines: () => written.map(line => JSON.parse(line)),
  };
}

/** A test server that listens on a free port until the test ends. */
export async function startTestServer(options: TestServerOptions = {}): Promise<StartedServer> {
  const server = testServer(options);
  onTestFinished(() => server.app.close());
  return { ...server, url: await server.listen() };
}

/** A client of a server that listens. */
export function http({ url }: Pick<StartedServer, 'url'>) {
  return supertest(url);
}
