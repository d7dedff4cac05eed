/** The hook as it is shipped: the bundle, started as its image starts it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleHook } from '../../tools/build/bundle.js';
import { freePorts } from '../e2e/program.js';
import { imageFlags } from '../imageFlags.js';
import { startWatched, type WatchedProcess } from './watchedProcess.js';

export interface HookProcess {
  readonly process: WatchedProcess;
  readonly url: string;
  /** Where its metrics are served, on a port of its own. */
  readonly metricsUrl: string;
  stop(): Promise<void>;
}

/** `allow`: ANALYSIS_ALLOW. */
export async function startHook(allow: string): Promise<HookProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'attacked-hook-'));
  await bundleHook(folder);
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const hook = startWatched(join(folder, 'hook.js'), {
    role: 'measured',
    flags: imageFlags(),
    env: {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
      ANALYSIS_ALLOW: allow,
    },
  });
  await hook.says(`listening at http://127.0.0.1:${port}`);
  return {
    process: hook,
    url: `http://127.0.0.1:${port}`,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    async stop() {
      await hook.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
