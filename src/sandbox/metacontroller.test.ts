import { describe, expect, it } from 'vitest';
import { child, childrenOf, fakeHook, stormService } from '../../test/fakeHook.js';
import type { ApplyStrategy, SyncAnswer } from '../metacontroller/hook.js';
import type { KubeObject } from '../metacontroller/object.js';
import { asLastApplied } from '../metacontroller/unchanged.js';
import { faultAt } from './faults.js';
import { REPLICA_SET, SERVICE, STORM_SERVICE } from './kinds.js';
import { CORE_CHILDREN, createSandbox, type Sandbox, type SandboxOptions } from './sandbox.js';
import { RetryLater } from './workQueue.js';

const STRATEGIES: readonly ApplyStrategy[] = ['dynamic-apply', 'server-side-apply'];

async function started(options: Partial<SandboxOptions> = {}, hook = fakeHook()) {
  const sandbox = createSandbox({ hook, decorator: false, ...options });
  await sandbox.apply(stormService());
  await sandbox.advance(30);
  return { sandbox, hook };
}

const statusOf = async (sandbox: Sandbox) => (await sandbox.get(STORM_SERVICE, 'my-app'))?.['status'];
const failures = (sandbox: Sandbox) =>
  sandbox.log.events.flatMap(event => (event.type === 'sync' ? (event.sync.failure?.message ?? []) : []));

describe.each(STRATEGIES)('one sync with %s', applyStrategy => {
  it('creates children with the controller label and an owner, and settles', async () => {
    const { sandbox } = await started({ applyStrategy });
    const parent = await sandbox.get(STORM_SERVICE, 'my-app');
    const service = await sandbox.get(SERVICE, 'my-app');
    expect(service?.metadata.labels).toEqual({ app: 'my-app', 'controller-uid': parent?.metadata.uid });
    expect(service?.metadata.ownerReferences).toEqual([
      expect.objectContaining({ kind: 'StormService', name: 'my-app', uid: parent?.metadata.uid, controller: true }),
    ]);
    expect(await statusOf(sandbox)).toEqual({ availableReplicas: 3, observedGeneration: 1 });
  });

  it('writes nothing when nothing changes', async () => {
    const { sandbox, hook } = await started({ applyStrategy });
    hook.answer = ({ parent, children }) => ({
      status: { availableReplicas: 3 },
      children: Object.values(children).flatMap(group => Object.values(group).map(asLastApplied)),
      resyncAfterSeconds: parent.metadata.generation === 1 ? 10 : 0,
    });
    sandbox.metacontroller.restart();
    const [writes, syncs] = [sandbox.writes.total, sandbox.metacontroller.syncs];
    await sandbox.advance(3600);
    expect(sandbox.metacontroller.syncs).toBeGreaterThan(syncs + 300);
    expect(sandbox.writes.total).toBe(writes);
  });

  it('deletes an observed child that is not returned', async () => {
    const { sandbox, hook } = await started({ applyStrategy });
    hook.answer = ({ parent }) => ({
      status: {},
      children: childrenOf(parent).filter(({ kind }) => kind !== 'Service'),
    });
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.advance(1);
    expect(await sandbox.get(SERVICE, 'my-app')).toBeUndefined();
    expect(await sandbox.get(REPLICA_SET, 'my-app-1-27')).toBeDefined();
  });

  it('updates in place, and leaves OnDelete kinds as they are', async () => {
    const onDelete = CORE_CHILDREN.map(
      ({ kind }) => ({ kind, method: kind === SERVICE ? 'OnDelete' : 'InPlace' }) as const,
    );
    const { sandbox, hook } = await started({ applyStrategy, childKinds: onDelete });
    hook.answer = ({ parent }) => ({
      status: {},
      children: childrenOf(parent).map(object => ({
        ...object,
        metadata: { ...object.metadata, labels: { changed: 'yes' } },
      })),
    });
    await sandbox.scale('my-app', 5);
    await sandbox.advance(10);
    expect((await sandbox.get(SERVICE, 'my-app'))?.metadata.labels).not.toHaveProperty('changed');
    expect((await sandbox.get(REPLICA_SET, 'my-app-1-27'))?.metadata.labels).toHaveProperty('changed');
    expect(await sandbox.pods({ revision: '1-27' })).toHaveLength(5);
  });

  it('recreates a changed child of a kind with method Recreate', async () => {
    const recreate = CORE_CHILDREN.map(({ kind }) => ({ kind, method: 'Recreate' }) as const);
    const { sandbox, hook } = await started({ applyStrategy, childKinds: recreate });
    const before = await sandbox.get(SERVICE, 'my-app');
    hook.answer = ({ parent }) => ({
      status: {},
      children: childrenOf(parent).map(object => ({
        ...object,
        metadata: { ...object.metadata, labels: { changed: 'yes' } },
      })),
    });
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.runUntil(
      async () => (await sandbox.get(SERVICE, 'my-app'))?.metadata.labels?.['changed'] === 'yes',
      10,
    );
    const after = await sandbox.get(SERVICE, 'my-app');
    expect(after?.metadata.labels).toHaveProperty('changed');
    expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
  });

  it('goes on with the other children and the status when one is refused, and tries again', async () => {
    const { sandbox, hook } = await started({ applyStrategy });
    hook.answer = ({ parent }) => ({
      status: { tried: true },
      children: [
        ...childrenOf(parent),
        child(parent, 'Service', 'v1', 'twice', {
          spec: {
            ports: [
              { name: 'a', port: 53, protocol: 'TCP' },
              { name: 'b', port: 53, protocol: 'TCP' },
            ],
          },
        }),
        child(parent, 'Service', 'v1', 'fine', { spec: { ports: [{ port: 53 }] } }),
      ],
    });
    await sandbox.annotate('my-app', 'any', 'x');
    const syncs = sandbox.metacontroller.syncs;
    await sandbox.advance(2);
    expect(await sandbox.get(SERVICE, 'fine')).toBeDefined();
    expect(await sandbox.get(SERVICE, 'twice')).toBeUndefined();
    expect(await statusOf(sandbox)).toMatchObject({ tried: true });
    expect(sandbox.metacontroller.syncs - syncs).toBeGreaterThan(5);
    expect(sandbox.metacontroller.syncs - syncs).toBeLessThan(20);
    expect(failures(sandbox).at(-1)).toMatch(/twice is invalid: spec.ports/);
  });
});

describe('status', () => {
  it('is replaced whole, gets observedGeneration, and each write causes one more sync', async () => {
    const { sandbox, hook } = await started();
    hook.answer = ({ parent }) => ({ status: { other: 1 }, children: childrenOf(parent) });
    const before = hook.requests.length;
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.advance(5);
    expect(await statusOf(sandbox)).toEqual({ other: 1, observedGeneration: 1 });
    expect(hook.requests.length - before).toBe(2);
  });

  it('loops when it holds something that changes on every call', async () => {
    const { sandbox, hook } = await started();
    let calls = 0;
    hook.answer = ({ parent }) => ({ status: { calls: ++calls }, children: childrenOf(parent) });
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.advance(5);
    expect(calls).toBeGreaterThan(100);
  });

  it('lost: children are applied, and the next sync sees them with the old status', async () => {
    const hook = fakeHook();
    const { sandbox } = await started({ faults: faultAt(1, { loseStatus: true }) }, hook);
    expect(hook.requests[1]?.parent['status']).toBeUndefined();
    expect(Object.keys(hook.requests[1]?.children['Service.v1'] ?? {})).toEqual(['default/my-app']);
    expect(await statusOf(sandbox)).toMatchObject({ availableReplicas: 3 });
  });
});

describe('the hook', () => {
  it('is called 20 ms or so after a change, with the annotation and its managedFields', async () => {
    const { sandbox, hook } = await started();
    const [before, at] = [hook.requests.length, sandbox.clock.now()];
    await sandbox.annotate('my-app', 'aibrix.io/rollout-approve', 'true');
    await sandbox.runUntil(() => hook.requests.length > before, 1);
    expect(sandbox.clock.now() - at).toBeLessThanOrEqual(30);
    const { metadata } = hook.requests.at(-1)!.parent;
    expect(metadata.annotations).toHaveProperty(['aibrix.io/rollout-approve'], 'true');
    expect(metadata.managedFields?.map(({ manager }) => manager)).toContain('kubectl-annotate');
  });

  it('changes nothing when it fails, and is called again with back-off', async () => {
    const { sandbox, hook } = await started();
    hook.answer = () => Promise.reject(new Error('status 500'));
    const [writes, calls] = [sandbox.writes.total, hook.requests.length];
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.advance(10);
    expect(sandbox.writes.total).toBe(writes);
    expect(hook.requests.length - calls).toBeGreaterThanOrEqual(10);
    expect(hook.requests.length - calls).toBeLessThanOrEqual(13);
  });

  it('is called later when it says so', async () => {
    const { sandbox, hook } = await started();
    hook.answer = () => Promise.reject(new RetryLater(30));
    const calls = hook.requests.length;
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.advance(95);
    expect(hook.requests.length - calls).toBe(4);
  });

  it('is called again after resyncAfterSeconds, fractions allowed', async () => {
    const { sandbox, hook } = await started();
    hook.answer = ({ parent }) => ({ status: {}, children: childrenOf(parent), resyncAfterSeconds: 0.5 });
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.advance(1);
    const calls = hook.requests.length;
    await sandbox.advance(10);
    expect(hook.requests.length - calls).toBe(20);
  });

  it.each<[string, SyncAnswer, RegExp]>([
    [
      'a field that Metacontroller does not know',
      { status: {}, children: [], more: 1 } as SyncAnswer,
      /unknown field more/,
    ],
    [
      'a label that is not a string',
      {
        status: { broken: true },
        children: [
          {
            apiVersion: 'v1',
            kind: 'Service',
            metadata: { name: 'x', labels: { on: true as unknown as string } },
          },
        ],
      },
      /invalid labels on Service default\/x: on/,
    ],
  ])('answers %s: nothing is applied and no status is written', async (_, answer, message) => {
    const { sandbox, hook } = await started();
    const writes = sandbox.writes.total;
    hook.answer = () => answer;
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.advance(1);
    expect(sandbox.writes.total).toBe(writes);
    expect(await sandbox.get(SERVICE, 'my-app')).toBeDefined();
    expect(failures(sandbox).at(-1)).toMatch(message);
  });

  it('of version 1 may answer more, and sees names without a namespace', async () => {
    const { sandbox, hook } = await started({ hookVersion: 'v1' });
    hook.answer = ({ parent }) => ({ status: {}, children: childrenOf(parent), more: 1 }) as SyncAnswer;
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.advance(1);
    expect(failures(sandbox)).toEqual([]);
    expect(Object.keys(hook.requests.at(-1)?.children['Service.v1'] ?? {})).toEqual(['my-app']);
  });

  it('cannot change what it is given', async () => {
    const { hook } = await started();
    const { parent } = hook.requests.at(-1)!;
    expect(() => Object.assign(parent.metadata, { name: 'other' })).toThrow(TypeError);
  });
});

describe('order of applying', () => {
  it('is random by the seed, and the same for the same seed', async () => {
    const order = async (seed: number) => {
      const hook = fakeHook(({ parent }) => ({
        status: {},
        children: [1, 2, 3, 4].flatMap(n => [
          child(parent, 'Service', 'v1', `s${n}`, { spec: { ports: [{ port: 80 }] } }),
          child(parent, 'ControllerRevision', 'apps/v1', `c${n}`, { data: {}, revision: n }),
        ]),
      }));
      const sandbox = createSandbox({ hook, seed, decorator: false });
      await sandbox.apply(stormService());
      await sandbox.advance(1);
      return sandbox.log.events.flatMap(event =>
        event.type === 'write' && event.write.verb === 'create' ? event.write.key : [],
      );
    };
    const orders = await Promise.all([1, 2, 3, 4, 5, 6].map(order));
    expect(new Set(orders.map(keys => keys.join())).size).toBeGreaterThan(3);
    expect(new Set(orders.map(keys => keys[1]?.slice(0, 9))).size).toBe(2);
    expect(await order(3)).toEqual(orders[2]);
  });
});

describe('ownership', () => {
  const foreign: KubeObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'my-app', namespace: 'default', labels: { app: 'my-app' } },
    spec: { ports: [{ name: 'https', port: 443 }] },
  };

  it("leaves somebody else's object of the same name alone, and tries for ever without an error", async () => {
    const hook = fakeHook();
    const sandbox = createSandbox({ hook, decorator: false });
    await sandbox.apply(foreign);
    await sandbox.apply(stormService());
    await sandbox.advance(60);
    expect((await sandbox.get(SERVICE, 'my-app'))?.['spec']).toMatchObject({ ports: [{ port: 443 }] });
    expect(hook.requests.at(-1)?.children['Service.v1']).toEqual({});
    expect(failures(sandbox)).toEqual([]);
  });

  it("takes somebody else's object without an owner over by force with server-side apply", async () => {
    const sandbox = createSandbox({ hook: fakeHook(), decorator: false, applyStrategy: 'server-side-apply' });
    await sandbox.apply(foreign);
    await sandbox.apply(stormService());
    await sandbox.advance(60);
    const service = await sandbox.get(SERVICE, 'my-app');
    expect(service?.metadata.ownerReferences).toHaveLength(1);
    expect(service?.['spec']).toMatchObject({ ports: expect.arrayContaining([expect.objectContaining({ port: 80 })]) });
  });

  it('adopts an orphan with the label, and releases a child that lost it', async () => {
    const { sandbox, hook } = await started();
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
    expect(Object.keys(hook.requests.at(-1)?.children['Service.v1'] ?? {})).toEqual(['default/my-app']);
  });

  it('after delete --cascade=orphan and a new StormService the old children are strangers', async () => {
    const { sandbox, hook } = await started();
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
    const { sandbox } = await started();
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
