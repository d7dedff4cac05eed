/** Where rollouts are played: the real hook server on a free port of this machine, and a cluster that calls it. */
import { createFetcher } from '../analysis/fetch/fetcher.js';
import { readConfig } from '../config.js';
import { createHook } from '../hook.js';
import { createLogger } from '../log.js';
import { createMetrics } from '../metrics.js';
import { httpHook } from '../sandbox/httpHook.js';
import { KINDS, kindOf } from '../sandbox/kinds.js';
import { LiveMesh } from '../sandbox/mesh/liveMesh.js';
import { fateByImage, type PodFates } from '../sandbox/pod.js';
import { RealClock } from '../sandbox/realClock.js';
import { CORE_CHILDREN, createSandbox, type Sandbox } from '../sandbox/sandbox.js';
import { createServer } from '../server.js';
import { version } from '../version.js';

export interface Stage {
  readonly sandbox: Sandbox;
  /** Serves the pods, and what is routed to them. */
  readonly mesh?: LiveMesh;
  /** Where the hook listens. */
  readonly url: string;
  /** Seconds of the cluster in a tenth of a second on the wall. */
  readonly tickSeconds: number;
  close(): Promise<void>;
}

const ROUTER_GROUPS = [
  'gateway.networking.k8s.io',
  'networking.istio.io',
  'networking.k8s.io',
  'split.smi-spec.io',
  'traefik.io',
];

/** What a CompositeController with the components of the routers watches. */
export const CHILD_KINDS = [
  ...CORE_CHILDREN,
  ...KINDS.filter(({ apiVersion }) => ROUTER_GROUPS.some(group => apiVersion.startsWith(`${group}/`))).map(
    definition => ({ kind: kindOf(definition), method: 'InPlace' as const }),
  ),
];

/** Metrics systems on this machine: the mesh's telemetry, and whatever else the user runs here. */
const LOOPBACK = 'localhost 127.0.0.0/8 [::1]';

/** `speed`: seconds of the cluster, and of the hook, in one second on the wall. */
export async function openStage(speed: number): Promise<Stage> {
  const clock = new RealClock(speed);
  const now = () => clock.now();
  const config = readConfig({ HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent', ANALYSIS_ALLOW: LOOPBACK });
  const { applyStrategy, analysis } = config;
  const { timeout: timeoutMs, wait: waitMs, allow } = analysis;
  // What it waits is time on the wall; when it is asked is the cluster's.
  const fetcher = createFetcher({ settings: { timeoutMs, ...(allow && { allow }) } });
  const server = createServer({
    hook: createHook({ applyStrategy }, now, { fetcher, waitMs }),
    config,
    logger: createLogger(config.logLevel),
    metrics: createMetrics({ ...config.metrics, now, version }),
  });
  const url = await server.listen();
  const sandbox = createSandbox({
    hook: httpHook({ url }),
    childKinds: CHILD_KINDS,
    clock,
    fates: unevenly,
    applyStrategy,
  });
  const mesh = await LiveMesh.open({ source: sandbox });
  return {
    sandbox,
    mesh,
    url,
    tickSeconds: speed / 10,
    close: async () => {
      await mesh.close();
      await sandbox.close();
      await server.shutdown();
      await fetcher.close();
    },
  };
}

/** Pods that start together do not get ready together: each takes 3 to 9 seconds, by its name. */
const unevenly: PodFates = pod => {
  const digest = [...pod.name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1000, 0);
  return fateByImage(3 + (6 * digest) / 1000)(pod);
};
