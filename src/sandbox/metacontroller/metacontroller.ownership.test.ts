import { describe, expect, it } from 'vitest';
import { childrenOf, fakeHook, stormService } from '../../../test/fakeHook.js';
import { failures, startedSandbox } from '../../../test/startedSandbox.js';
import { REPLICA_SET, SERVICE } from '../../metacontroller/children.js';
import type { KubeObject } from '../../metacontroller/object.js';
import { asLastApplied } from '../../metacontroller/unchanged.js';
import { STORM_SERVICE } from '../cluster/kinds.js';
import { createSandbox } from '../sandbox.js';

describe('ownership', () => {
  const foreign: KubeObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'my-app', namespace: 'default', labels: { app: 'my-app' } },
    spec: { ports: [{ name: 'https', port: 443 }] },
  };

  it("leaves another owner's object of the same name unchanged, and retries indefinitely without an error", async () => {
    const hook = fakeHook();
    const sandbox = createSandbox({ hook, decorators: [] });
    await sandbox.apply(foreign);
    await sandbox.apply(stormService());
    await sandbox.advance(60);
    expect((await sandbox.get(SERVICE, 'my-app'))?.['spec']).toMatchObject({ ports: [{ port: 443 }] });
    expect(hook.requests.at(-1)?.children['Service.v1']).toEqual({});
    expect(failures(sandbox)).toEqual([]);
  });

  it("takes somebody else's object without an owner over by force with server-side apply", async () => {
    const sandbox = createSandbox({ hook: fakeHook(), decorators: [], applyStrategy: 'server-side-apply' });
    await sandbox.apply(foreign);
    await sandbox.apply(stormService());
    await sandbox.advance(60);
    const service = await sandbox.get(SERVICE, 'my-app');
    expect(service?.metadata.ownerReferences).toHaveLength(1);
    expect(service?.['spec']).toMatchObject({ ports: expect.arrayContaining([expect.objectContaining({ port: 80 })]) });
  });

  it('adopts an orphan with the label, and releases a child that lost it', async () => {
    const { sandbox, hook } = await startedSandbox();
    hook.answer = ({ parent, children }) => ({
      status: {},
      children: [...childrenOf(parent), ...Object.values(children['Service.v1'] ?? {}).map(asLastApplied)],
    });
    const uid = (await sandbox.get(STORM_SERVICE, 'my-app'))?.metadata.uid ?? '';
    await sandbox.apply({
      ...foreign,
      metadata: { ...foreign.metadata, name: 'orphan', labels: { 'controller-uid': uid } },
    });
    await sandbox.advance(1);
    expect((await sandbox.get(SERVICE, 'orphan'))?.metadata.ownerReferences?.[0]?.uid).toBe(uid);
    await sandbox.apply({ ...foreign, metadata: { ...foreign.metadata, name: 'orphan', labels: { other: 'x' } } });
    await sandbox.advance(1);
    const released = await sandbox.get(SERVICE, 'orphan');
    expect(released?.metadata.ownerReferences).toEqual([]);
    expect(failures(sandbox)).toEqual([]);
    expect(Object.keys(hook.requests.at(-1)?.children['Service.v1'] ?? {})).toEqual(['default/my-app']);
  });

  it('after delete --cascade=orphan and a new StormService the old children are strangers', async () => {
    const { sandbox, hook } = await startedSandbox();
    await sandbox.delete(STORM_SERVICE, 'my-app', 'orphan');
    await sandbox.advance(1);
    const calls = hook.requests.length;
    await sandbox.apply(stormService());
    await sandbox.advance(5);
    expect(hook.requests.length).toBeGreaterThan(calls);
    expect(hook.requests.at(-1)?.children['ReplicaSet.apps/v1']).toEqual({});
    expect(await sandbox.pods({ app: 'my-app' })).toHaveLength(3);
  });

  it('deleting the StormService deletes its children and their pods', async () => {
    const { sandbox } = await startedSandbox();
    await sandbox.delete(STORM_SERVICE, 'my-app');
    await sandbox.advance(5);
    expect(await sandbox.list(REPLICA_SET)).toEqual([]);
    expect(await sandbox.list(SERVICE)).toEqual([]);
    expect(sandbox.kubelet.list('default')).toEqual([]);
  });

  it('a child kind that the cluster does not have stops the controller', () => {
    const childKinds = [{ kind: 'Gateway.example.com/v1', method: 'InPlace' }] as const;
    expect(() => createSandbox({ hook: fakeHook(), childKinds })).toThrow(/no kind Gateway/);
  });
});
