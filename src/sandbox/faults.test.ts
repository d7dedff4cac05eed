import { describe, expect, it } from 'vitest';
import { childrenOf, fakeHook, stormService } from '../../test/fakeHook.js';
import { REPLICA_SET, SERVICE } from '../metacontroller/children.js';
import type { ApplyStrategy } from '../metacontroller/hook.js';
import { STORM_SERVICE } from './cluster/kinds.js';
import { type Fault, faultAt, randomFaults } from './faults.js';
import { seededRandom } from './random.js';
import { createSandbox, type Sandbox } from './sandbox.js';

/** A settled StormService whose image changes; the sync that follows has the fault. */
async function changedUnder(fault: Fault, applyStrategy: ApplyStrategy = 'dynamic-apply') {
  let armed = false;
  const hook = fakeHook();
  let restarts = 0;
  const sandbox = createSandbox({
    hook,
    applyStrategy,
    decorators: [],
    restartHook: () => {
      restarts += 1;
      return hook;
    },
    faults: () => {
      const now = armed;
      armed = false;
      return now ? fault : {};
    },
  });
  await sandbox.apply(stormService());
  await sandbox.advance(30);
  await sandbox.setImage('my-app', 'web', 'nginx:2');
  armed = true;
  const before = hook.requests.length;
  const untilCalls = (calls: number) => sandbox.runUntil(() => hook.requests.length >= before + calls, 5);
  return { sandbox, hook, before, untilCalls, restarts: () => restarts };
}

const replicaSets = async (sandbox: Sandbox) => (await sandbox.list(REPLICA_SET)).map(({ metadata }) => metadata.name);

describe('a fault in one sync', () => {
  it('lost request: the hook is not called, and called again soon', async () => {
    const { sandbox, hook, before } = await changedUnder({ lose: 'request' });
    await sandbox.runUntil(() => sandbox.log.events.some(({ type }) => type === 'sync'), 0.03);
    await sandbox.advance(1);
    expect(hook.requests.length).toBeGreaterThan(before);
    expect(await replicaSets(sandbox)).toEqual(['my-app-2']);
  });

  it('lost answer: the hook has decided, nothing is applied, and it is asked the same again', async () => {
    const { hook, untilCalls, before } = await changedUnder({ lose: 'answer' });
    await untilCalls(2);
    expect(hook.requests[before]).toEqual(hook.requests[before + 1]);
  });

  it('refused writes: the others are applied, and it is tried again', async () => {
    const { sandbox, hook, before, untilCalls } = await changedUnder({ refuse: ({ verb }) => verb === 'delete' });
    await untilCalls(2);
    const seen = Object.keys(hook.requests[before + 1]?.children['ReplicaSet.apps/v1'] ?? {});
    expect(seen.sort()).toEqual(['default/my-app-1-27', 'default/my-app-2']);
    await sandbox.advance(5);
    expect(await replicaSets(sandbox)).toEqual(['my-app-2']);
  });

  it.each([0, 1, 2])('crash after %i writes: no more than those are made', async crashAfterWrites => {
    const { sandbox, hook, before } = await changedUnder({ crashAfterWrites });
    const writes = sandbox.writes.total;
    await sandbox.runUntil(() => hook.requests.length > before + 1, 5);
    expect(sandbox.writes.total - writes).toBeGreaterThanOrEqual(crashAfterWrites);
    const first = hook.requests[before + 1]?.children['ReplicaSet.apps/v1'];
    const changes = Object.keys(first ?? {});
    expect(changes.length).toBe([1, 0, 1][crashAfterWrites]);
    await sandbox.advance(10);
    expect(await replicaSets(sandbox)).toEqual(['my-app-2']);
  });

  it('crash: customize is asked again, as the memory is gone', async () => {
    const { sandbox, hook } = await changedUnder({ crashAfterWrites: 0 });
    await sandbox.advance(5);
    expect(hook.customized).toBe(3);
  });

  it('stale parent: the hook sees an earlier one, and soon the present one', async () => {
    const { hook, before, untilCalls } = await changedUnder({ staleParent: 1 });
    await untilCalls(2);
    expect(JSON.stringify(hook.requests[before]?.parent['spec'])).toContain('nginx:1.27');
    expect(JSON.stringify(hook.requests[before + 1]?.parent['spec'])).toContain('nginx:2');
  });

  it.each(['dynamic-apply', 'server-side-apply'] as const)(
    'stale children: ends where it should with %s',
    async strategy => {
      const { sandbox, hook, before, untilCalls } = await changedUnder({ staleChildren: 2 }, strategy);
      await untilCalls(1);
      const seen = Object.values(hook.requests[before]?.children['ReplicaSet.apps/v1'] ?? {})[0];
      const live = await sandbox.get(REPLICA_SET, 'my-app-1-27');
      expect(Number(seen?.metadata.resourceVersion)).toBeLessThan(Number(live?.metadata.resourceVersion ?? 1e9));
      await sandbox.advance(10);
      expect(await replicaSets(sandbox)).toEqual(['my-app-2']);
      expect(await sandbox.endpoints('my-app')).toHaveLength(3);
    },
  );

  it('repeat: the same is asked twice', async () => {
    const { hook, before, sandbox, untilCalls } = await changedUnder({ repeat: true, loseStatus: true });
    await untilCalls(2);
    expect(sandbox.metacontroller.syncs).toBeGreaterThanOrEqual(before + 2);
    expect(hook.requests[before + 1]?.parent.metadata).toEqual(hook.requests[before]?.parent.metadata);
  });

  it('restart of the hook: another takes its place', async () => {
    const { untilCalls, restarts } = await changedUnder({ restartHook: true });
    await untilCalls(1);
    expect(restarts()).toBe(1);
  });
});

describe('faultAt', () => {
  it('hits one sync only', () => {
    const faults = faultAt(2, { repeat: true });
    expect([1, 2, 3].map(number => faults({ number, parent: 'default/my-app' }))).toEqual([{}, { repeat: true }, {}]);
  });
});

describe('any mix of faults', () => {
  it.each(['dynamic-apply', 'server-side-apply'] as const)('ends where it should with %s', async applyStrategy => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const hook = fakeHook(({ parent }) => ({
        status: { image: parent.metadata.generation },
        children: childrenOf(parent),
      }));
      const faults = randomFaults(seededRandom(seed), 0.25, 60);
      const sandbox = createSandbox({ hook, seed, applyStrategy, faults });
      await sandbox.apply(stormService());
      await sandbox.advance(3);
      await sandbox.setImage('my-app', 'web', 'nginx:2');
      await sandbox.advance(3);
      await sandbox.setImage('my-app', 'web', 'nginx:3');
      await sandbox.eventually('the last image runs', async () => (await sandbox.pods({ revision: '3' })).length === 3);
      await sandbox.advance(120);
      expect(await replicaSets(sandbox)).toEqual(['my-app-3']);
      expect(await sandbox.get(SERVICE, 'my-app')).toBeDefined();
      expect((await sandbox.get(STORM_SERVICE, 'my-app'))?.['status']).toEqual({ image: 3, observedGeneration: 3 });
      const writes = sandbox.writes.total;
      await sandbox.advance(600);
      expect(sandbox.writes.total).toBe(writes);
    }
  });
});
