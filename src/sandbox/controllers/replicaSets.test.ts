import { describe, expect, it } from 'vitest';
import { fakeHook } from '../../../test/fakeHook.js';
import { REPLICA_SET, SERVICE } from '../../metacontroller/children.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { Pod } from '../cluster/pod.js';
import { createSandbox, type Sandbox, type SandboxOptions } from '../sandbox.js';
import type { PodChange } from './kubelet.js';

const replicaSet = (replicas: number, image = 'nginx:1', spec = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
    ...spec,
  },
});

const service: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
};

async function sandboxWith(object: KubeObject, options: Partial<SandboxOptions> = {}) {
  const sandbox = createSandbox({ hook: fakeHook(), ...options });
  await sandbox.apply(service);
  await sandbox.apply(object);
  return sandbox;
}

const statusOf = async (sandbox: Sandbox) => (await sandbox.get(REPLICA_SET, 'web'))?.['status'];
const names = (pods: readonly { readonly name: string }[]) => pods.map(({ name }) => name).sort();

describe('a ReplicaSet', () => {
  it('goes from nothing to available as time passes', async () => {
    const sandbox = await sandboxWith(replicaSet(2), { startupSeconds: 5 });
    expect(await statusOf(sandbox)).toEqual({ replicas: 0 });
    await sandbox.advance(1);
    const starting = { fullyLabeledReplicas: 2, observedGeneration: 1, replicas: 2, terminatingReplicas: 0 };
    expect(await statusOf(sandbox)).toEqual(starting);
    expect(await sandbox.endpoints('web')).toEqual([]);
    await sandbox.advance(5);
    expect(await statusOf(sandbox)).toEqual({ ...starting, readyReplicas: 2, availableReplicas: 2 });
    expect(await sandbox.endpoints('web')).toHaveLength(2);
  });

  it('counts pods as available after minReadySeconds', async () => {
    const sandbox = await sandboxWith(replicaSet(2, 'nginx:1', { minReadySeconds: 10 }));
    await sandbox.advance(5);
    expect(await statusOf(sandbox)).toMatchObject({ readyReplicas: 2 });
    expect(await statusOf(sandbox)).not.toHaveProperty('availableReplicas');
    await sandbox.advance(10);
    expect(await statusOf(sandbox)).toMatchObject({ readyReplicas: 2, availableReplicas: 2 });
  });

  it('shows terminating pods apart, and sends them no traffic', async () => {
    const sandbox = await sandboxWith(replicaSet(3), { terminationSeconds: 4 });
    await sandbox.advance(5);
    await sandbox.apply(replicaSet(1));
    await sandbox.advance(1);
    expect(await statusOf(sandbox)).toEqual({
      availableReplicas: 1,
      fullyLabeledReplicas: 1,
      observedGeneration: 2,
      readyReplicas: 1,
      replicas: 1,
      terminatingReplicas: 2,
    });
    expect(await sandbox.endpoints('web')).toHaveLength(1);
    await sandbox.advance(4);
    expect(await statusOf(sandbox)).toMatchObject({ terminatingReplicas: 0 });
    expect(sandbox.kubelet.list('default')).toHaveLength(1);
  });

  it.each([
    ['nginx:bad', 0],
    ['registry:5000/nginx:crash', 0],
  ])('with image %s does not stay available', async (image, available) => {
    const sandbox = await sandboxWith(replicaSet(2, image));
    await sandbox.advance(6);
    expect(await sandbox.endpoints('web')).toHaveLength(available);
  });

  it('of a crashing image is available for moments, with growing delays in between', async () => {
    const sandbox = await sandboxWith(replicaSet(1, 'nginx:crash'));
    const changes: PodChange[] = [];
    sandbox.kubelet.on(({ change }) => changes.push(change));
    await sandbox.advance(60);
    expect(changes.filter(change => change === 'available')).toHaveLength(3);
    expect((await sandbox.pods({ app: 'web' }))[0]?.restarts).toBe(3);
  });

  it('takes fates from the test', async () => {
    const first = (pod: Pod) => pod.createdAt === sandbox.clock.now();
    const sandbox = await sandboxWith(replicaSet(1), {
      fates: pod => (first(pod) ? { fate: 'healthy', startupSeconds: 40 } : { fate: 'neverReady' }),
    });
    await sandbox.advance(30);
    expect(await sandbox.endpoints('web')).toHaveLength(0);
    await sandbox.advance(30);
    expect(await sandbox.endpoints('web')).toHaveLength(1);
  });

  it('removes pods that are not ready first, then the youngest', async () => {
    const sandbox = await sandboxWith(replicaSet(2));
    await sandbox.advance(5);
    const [oldest, broken] = await sandbox.pods();
    await sandbox.apply(replicaSet(3));
    await sandbox.advance(5);
    sandbox.kubelet.break(broken!);
    await sandbox.apply(replicaSet(2));
    await sandbox.advance(1);
    expect(names(await sandbox.pods())).not.toContain(broken?.name);
    await sandbox.apply(replicaSet(1));
    await sandbox.advance(1);
    expect(names(await sandbox.pods())).toEqual([oldest?.name]);
  });

  it('replaces a pod that ends, and heals one that recovers', async () => {
    const sandbox = await sandboxWith(replicaSet(2));
    await sandbox.advance(5);
    const [first, second] = await sandbox.pods();
    sandbox.kubelet.end(first!);
    sandbox.kubelet.break(second!);
    await sandbox.advance(0.5);
    expect(await sandbox.endpoints('web')).toEqual([]);
    expect(await statusOf(sandbox)).toMatchObject({ replicas: 2, terminatingReplicas: 1 });
    sandbox.kubelet.heal(second!);
    await sandbox.advance(5);
    expect(await sandbox.endpoints('web')).toHaveLength(2);
    expect(names(await sandbox.pods())).not.toContain(first?.name);
  });

  it('waits for a pod that was broken before it was up', async () => {
    const sandbox = await sandboxWith(replicaSet(1), { startupSeconds: 5 });
    await sandbox.advance(1);
    const [pod] = await sandbox.pods();
    sandbox.kubelet.break(pod!);
    await sandbox.advance(60);
    expect(await sandbox.endpoints('web')).toEqual([]);
    sandbox.kubelet.heal(pod!);
    await sandbox.advance(6);
    expect(names(await sandbox.endpoints('web'))).toEqual([pod?.name]);
  });

  it('that is made again under the same name starts with pods of its own', async () => {
    const sandbox = await sandboxWith(replicaSet(1));
    await sandbox.advance(5);
    const before = names(await sandbox.pods());
    await sandbox.delete(REPLICA_SET, 'web');
    await sandbox.apply(replicaSet(1));
    await sandbox.advance(5);
    expect(await sandbox.pods()).toHaveLength(1);
    expect(names(await sandbox.pods())).not.toEqual(before);
  });

  it('tells when a pod becomes available and when it goes', async () => {
    const sandbox = await sandboxWith(replicaSet(1));
    const changes: PodChange[] = [];
    sandbox.on(event => {
      if (event.type === 'pod') changes.push(event.pod.change);
    });
    await sandbox.advance(5);
    await sandbox.delete(REPLICA_SET, 'web');
    await sandbox.advance(5);
    expect(changes).toEqual(['created', 'started', 'ready', 'available', 'unavailable', 'terminating', 'gone']);
  });

  it('of a Service without a selector there are no endpoints', async () => {
    const sandbox = await sandboxWith(replicaSet(1));
    await sandbox.advance(5);
    await sandbox.delete(SERVICE, 'web');
    expect(await sandbox.endpoints('web')).toEqual([]);
    await sandbox.apply({ ...service, spec: { ports: [{ port: 80 }] } });
    expect(await sandbox.endpoints('web')).toEqual([]);
  });
});
