/** What one update costs in calls and writes, counted in the sandbox: 5 replicas, steps of 20, 50 and 100 %. */
import { createHook } from '../../src/hook/hook.js';
import type { ApplyStrategy, Hook } from '../../src/metacontroller/hook.js';
import { STORM_SERVICE } from '../../src/sandbox/cluster/kinds.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { VirtualClock } from '../../src/sandbox/time/virtualClock.js';
import { fields } from '../../src/schema/json.js';
import { API_VERSION, KIND } from '../../src/schema/names.js';
import { summarizeRollout } from '../../src/server/rolloutSummary.js';

export interface UpdateCost {
  readonly syncs: number;
  readonly decorates: number;
  readonly replicaSetWrites: number;
  readonly statusWrites: number;
  /** All, also of ControllerRevisions. */
  readonly writes: number;
}

export interface Update {
  readonly seed: number;
  readonly applyStrategy: ApplyStrategy;
}

/** From a new image until a minute after the rollout has ended. */
export async function costOfUpdate({ seed, applyStrategy }: Update): Promise<UpdateCost> {
  const clock = new VirtualClock();
  const hook = createHook({ applyStrategy }, () => clock.now());
  const calls = { decorates: 0 };
  const counted: Hook = {
    ...hook,
    decorate: request => {
      calls.decorates += 1;
      return hook.decorate(request);
    },
  };
  // Pods that start and end at once, as on a control plane without nodes.
  const sandbox = createSandbox({
    hook: counted,
    clock,
    seed,
    applyStrategy,
    startupSeconds: 0.05,
    terminationSeconds: 0.05,
  });
  await sandbox.apply(stormService);
  await untilHealthy(sandbox);
  const before = countsOf(sandbox);
  await sandbox.setImage('web', 'app', 'app:2');
  await sandbox.advance(1);
  await untilHealthy(sandbox);
  const after = countsOf(sandbox);
  return {
    syncs: after.syncs - before.syncs,
    decorates: calls.decorates,
    replicaSetWrites: after.replicaSetWrites - before.replicaSetWrites,
    statusWrites: after.statusWrites - before.statusWrites,
    writes: after.writes - before.writes,
  };
}

const stormService = {
  apiVersion: API_VERSION,
  kind: KIND,
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 5,
    rolloutStrategy: { canary: { steps: [{ setWeight: 20 }, { setWeight: 50 }, { setWeight: 100 }] } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'app', image: 'app:1' }] },
    },
  },
};

async function untilHealthy(sandbox: Sandbox): Promise<void> {
  const phase = async () => summarizeRollout(fields(await sandbox.get(STORM_SERVICE, 'web'))['status'])?.phase;
  await sandbox.eventually('Healthy', async () => (await phase()) === 'Healthy', 300);
  await sandbox.advance(60);
}

function countsOf({ metacontroller, writes }: Sandbox) {
  return {
    syncs: metacontroller.syncs,
    replicaSetWrites: writes.byKind['ReplicaSet.apps/v1'] ?? 0,
    statusWrites: writes.byKind['status'] ?? 0,
    writes: writes.total,
  };
}
