import { describe, expect, it } from 'vitest';
import { child, childrenOf, fakeHook, stormService } from '../../../test/fakeHook.js';
import { failures, startedSandbox, statusOf } from '../../../test/startedSandbox.js';
import { REPLICA_SET, SERVICE } from '../../metacontroller/children.js';
import type { ApplyStrategy } from '../../metacontroller/hook.js';
import { asLastApplied } from '../../metacontroller/unchanged.js';
import { STORM_SERVICE } from '../cluster/kinds.js';
import { faultAt } from '../faults.js';
import { CORE_CHILDREN, createSandbox } from '../sandbox.js';

const STRATEGIES: readonly ApplyStrategy[] = ['dynamic-apply', 'server-side-apply'];

describe.each(STRATEGIES)('one sync with %s', applyStrategy => {
  it('creates children with the controller label and an owner, and settles', async () => {
    const { sandbox } = await startedSandbox({ applyStrategy });
    const parent = await sandbox.get(STORM_SERVICE, 'my-app');
    const service = await sandbox.get(SERVICE, 'my-app');
    expect(service?.metadata.labels).toEqual({ app: 'my-app', 'controller-uid': parent?.metadata.uid });
    expect(service?.metadata.ownerReferences).toEqual([
      expect.objectContaining({ kind: 'StormService', name: 'my-app', uid: parent?.metadata.uid, controller: true }),
    ]);
    expect(await statusOf(sandbox)).toEqual({ availableReplicas: 3, observedGeneration: 1 });
  });

  it('writes nothing when nothing changes', async () => {
    const { sandbox, hook } = await startedSandbox({ applyStrategy });
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
    const { sandbox, hook } = await startedSandbox({ applyStrategy });
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
    const { sandbox, hook } = await startedSandbox({ applyStrategy, childKinds: onDelete });
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
    const { sandbox, hook } = await startedSandbox({ applyStrategy, childKinds: recreate });
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
    const { sandbox, hook } = await startedSandbox({ applyStrategy });
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
  it.each([
    [false, 2],
    [true, 1],
  ])('is replaced whole, and gets observedGeneration; its changes ignored (%s): %d syncs', async (ignored, syncs) => {
    const { sandbox, hook } = await startedSandbox({ ignoreStatusChanges: ignored });
    hook.answer = ({ parent }) => ({ status: { other: 1 }, children: childrenOf(parent) });
    const before = hook.requests.length;
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.advance(5);
    expect(await statusOf(sandbox)).toEqual({ other: 1, observedGeneration: 1 });
    expect(hook.requests.length - before).toBe(syncs);
  });

  it('loops when it holds something that changes on every call and its changes are not ignored', async () => {
    const { sandbox, hook } = await startedSandbox({ ignoreStatusChanges: false });
    let calls = 0;
    hook.answer = ({ parent }) => ({ status: { calls: ++calls }, children: childrenOf(parent) });
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.advance(5);
    expect(calls).toBeGreaterThan(100);
  });

  it('lost: children are applied, and the next sync sees them with the old status', async () => {
    const hook = fakeHook();
    const { sandbox } = await startedSandbox({ faults: faultAt(1, { loseStatus: true }) }, hook);
    expect(hook.requests[1]?.parent['status']).toBeUndefined();
    expect(Object.keys(hook.requests[1]?.children['Service.v1'] ?? {})).toEqual(['default/my-app']);
    expect(await statusOf(sandbox)).toMatchObject({ availableReplicas: 3 });
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
      const sandbox = createSandbox({ hook, seed, decorators: [] });
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
