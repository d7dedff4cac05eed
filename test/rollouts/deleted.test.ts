/** A StormService that is deleted and made again: docs/install.md says what happens, and how to keep its pods. */
import { describe, expect, it } from 'vitest';
import type { ApplyStrategy } from '../../src/metacontroller/hook.js';
import { STORM_SERVICE } from '../../src/sandbox/cluster/kinds.js';
import { podsBehind } from '../../src/sandbox/controllers/replicaSets.js';
import { CORE_CHILDREN, type Sandbox } from '../../src/sandbox/sandbox.js';
import { STORMSERVICE_LABEL } from '../../src/schema/names.js';
import {
  conditionOf,
  healthy,
  podsByImage,
  rolloutOf,
  type Spec,
  stormService,
  untilMessage,
  untilPhase,
} from './world.js';

const SPLIT = 'TrafficSplit.split.smi-spec.io/v1alpha1';
const childKinds = [...CORE_CHILDREN, { kind: SPLIT, method: 'InPlace' as const }];
const SPEC: Spec = {
  replicas: 3,
  rolloutStrategy: { canary: { steps: [{ setWeight: 20 }, { pause: true }], trafficRouting: { smi: {} } } },
};

/** The least number of pods behind the stable Service while this goes on, after every event. */
async function leastServing(sandbox: Sandbox, acts: () => Promise<void>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  const stop = sandbox.on(() => {
    const service = sandbox.cluster.get('Service.v1', 'default/my-app-stable');
    least = Math.min(least, podsBehind(service, sandbox.kubelet).length);
  });
  await acts();
  stop();
  return least;
}

/** `kubectl label <kinds> -l orchestration.aibrix.io/stormservice=my-app controller-uid=<uid> --overwrite`. */
async function label(sandbox: Sandbox): Promise<void> {
  const uid = (await sandbox.get(STORM_SERVICE, 'my-app'))?.metadata.uid ?? '';
  for (const { kind } of childKinds) {
    for (const object of await sandbox.list(kind, { [STORMSERVICE_LABEL]: 'my-app' })) {
      const labels = { ...object.metadata.labels, 'controller-uid': uid };
      sandbox.cluster.update({ ...object, metadata: { ...object.metadata, labels } }, 'kubectl-label');
    }
  }
}

describe.each<ApplyStrategy>(['dynamic-apply', 'server-side-apply'])('with %s', applyStrategy => {
  const again = () => stormService(SPEC);

  it('deleted and applied again, it has no pods for a while: Services and routes go with it too', async () => {
    const sandbox = await healthy(SPEC, { applyStrategy, childKinds });
    const before = (await sandbox.pods()).map(({ name }) => name);
    const least = await leastServing(sandbox, async () => {
      await sandbox.delete(STORM_SERVICE, 'my-app');
      await sandbox.apply(again());
      await untilPhase(sandbox, 'Healthy');
    });
    expect(least).toBe(0);
    expect((await sandbox.pods()).filter(({ name }) => before.includes(name))).toEqual([]);
  });

  it('deleted with its children left, it takes them over again once they have its label', async () => {
    const sandbox = await healthy(SPEC, { applyStrategy, childKinds });
    const before = (await sandbox.pods()).map(({ name }) => name).sort();
    const least = await leastServing(sandbox, async () => {
      await sandbox.delete(STORM_SERVICE, 'my-app', 'orphan');
      await sandbox.advance(60);
      await sandbox.apply(again());
      await sandbox.advance(60);
      expect(await conditionOf(sandbox, 'ReplicaFailure')).toMatchObject({ reason: 'NameTaken' });
      await label(sandbox);
      await sandbox.advance(330);
    });
    expect(least).toBe(3);
    expect((await sandbox.pods()).map(({ name }) => name).sort()).toEqual(before);
    expect(await conditionOf(sandbox, 'ReplicaFailure')).toBeUndefined();
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Healthy' });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilMessage(sandbox, /waiting for approval/);
  });

  it('deleted at a gate, its gate holds when it is made again', async () => {
    const sandbox = await healthy(SPEC, { applyStrategy, childKinds });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilMessage(sandbox, /waiting for approval/);
    const { spec } = (await sandbox.get(STORM_SERVICE, 'my-app'))!;
    await sandbox.delete(STORM_SERVICE, 'my-app', 'orphan');
    await sandbox.advance(5);
    await sandbox.apply({ ...again(), spec });
    await sandbox.advance(30);
    await label(sandbox);
    await untilMessage(sandbox, /waiting for approval/);
    await sandbox.always('the gate', async () => (await rolloutOf(sandbox)).currentStepIndex === 1, 600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', canaryWeight: 20, observedWeight: 20 });
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 3, 'app:2': 1 });
  });
});
