/** The setup of the demo: the real hook server on a free local port, and a cluster that calls it. */
import { createFetcher } from '../../src/fetch/fetcher.js';
import { createHook } from '../../src/hook/hook.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { fateByImage, type PodFates } from '../../src/sandbox/cluster/pod.js';
import { LiveMesh } from '../../src/sandbox/mesh/liveMesh.js';
import { httpHook } from '../../src/sandbox/metacontroller/httpHook.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { RealClock } from '../../src/sandbox/time/realClock.js';
import { createServer } from '../../src/server/app.js';
import { readConfig } from '../../src/server/config.js';
import { createLogger } from '../../src/server/log.js';
import { createMetrics } from '../../src/server/metrics.js';
import { version } from '../../src/server/version.js';
import { withStandIn } from './load/standIn.js';
import { childKinds, clusterKinds } from './manifest/fileKinds.js';

export interface Stage {
  readonly sandbox: Sandbox;
  /** Serves the pods and routes requests to them. */
  readonly mesh?: LiveMesh;
  /** Address of the hook. */
  readonly url: string;
  /** Cluster seconds per tenth of a real second. */
  readonly tickSeconds: number;
  close(): Promise<void>;
}

/** Metrics systems on this machine: the telemetry of the mesh, and any that the user runs here. */
const LOOPBACK = 'localhost 127.0.0.0/8 [::1]';

/**
 * @param speed cluster seconds per real second
 * @param objects those that will be applied: the cluster serves their kinds
 */
export async function openStage(speed: number, objects: readonly KubeObject[] = []): Promise<Stage> {
  const clock = new RealClock(speed);
  const now = () => clock.now();
  const config = readConfig({ HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent', ANALYSIS_ALLOW: LOOPBACK });
  const { applyStrategy, analysis } = config;
  const { timeout: timeoutMs, wait: waitMs, allow } = analysis;
  // It waits in real time, but is queried in cluster time.
  const fetcher = createFetcher({ settings: { timeoutMs, ...(allow && { allow }) } });
  const server = createServer({
    hook: createHook({ applyStrategy }, now, { fetcher: withStandIn(fetcher, () => sandbox), waitMs }),
    config,
    logger: createLogger(config.logLevel),
    metrics: createMetrics({ ...config.metrics, now, version }),
  });
  const url = await server.listen();
  const sandbox: Sandbox = createSandbox({
    hook: httpHook({ url }),
    kinds: clusterKinds(objects),
    childKinds: childKinds(objects),
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

/** Pods that start together become ready at different times: each takes 3 to 9 seconds, by its name. */
const unevenly: PodFates = pod => {
  const digest = [...pod.name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1000, 0);
  return fateByImage(3 + (6 * digest) / 1000)(pod);
};
