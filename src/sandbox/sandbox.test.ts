import { describe, expect, it } from 'vitest';
import { childrenOf, fakeHook, stormService } from '../../test/fakeHook.js';
import { REPLICA_SET } from '../metacontroller/children.js';
import { createSandbox } from './sandbox.js';
import type { TestCluster } from './testCluster.js';
import { RealClock } from './time/realClock.js';

describe('eventually and always', () => {
  const cluster = async (): Promise<TestCluster> => {
    const sandbox = createSandbox({ hook: fakeHook() });
    await sandbox.apply(stormService());
    return sandbox;
  };

  it('wait for what comes, and say what did not', async () => {
    const sandbox = await cluster();
    await sandbox.eventually('pods are ready', async () => (await sandbox.endpoints('my-app')).length === 3, 30);
    const never = sandbox.eventually('a fourth pod', async () => (await sandbox.pods()).length === 4, 30);
    await expect(never).rejects.toThrow(
      /a fourth pod: not within 30 s\. my-app: no phase[\s\S]*Last events:[\s\S]*sync \d+/,
    );
  });

  it('watch between all events', async () => {
    const sandbox = await cluster();
    await sandbox.advance(30);
    const holds = async () => (await sandbox.pods()).length <= 3;
    await sandbox.always('no more than three pods', holds, 60);
    await sandbox.scale('my-app', 4);
    await expect(sandbox.always('no more than three pods', holds, 60)).rejects.toThrow(/not any more/);
  });
});

describe('a sandbox', () => {
  it('counts writes by kind, status included, and nothing when settled', async () => {
    const sandbox = createSandbox({ hook: fakeHook() });
    await sandbox.apply(stormService());
    await sandbox.advance(60);
    expect(sandbox.writes.byKind).toMatchObject({
      'ReplicaSet.apps/v1': 1,
      'Service.v1': 1,
      status: expect.any(Number),
    });
    const { total } = sandbox.writes;
    await sandbox.advance(3600);
    expect(sandbox.writes.total).toBe(total);
  });

  it('is the same for the same seed', async () => {
    const story = async () => {
      const sandbox = createSandbox({ hook: fakeHook(), seed: 7 });
      await sandbox.apply(stormService());
      await sandbox.advance(30);
      await sandbox.setImage('my-app', 'web', 'nginx:2');
      await sandbox.advance(30);
      return JSON.stringify([await sandbox.list(REPLICA_SET), await sandbox.pods(), sandbox.clock.now()]);
    };
    expect(await story()).toBe(await story());
  });

  it('runs a hook that looks after many StormServices', async () => {
    const hook = fakeHook();
    const sandbox = createSandbox({ hook });
    for (const name of ['a', 'b', 'c']) await sandbox.apply(stormService(2, 'nginx:1', name));
    await sandbox.advance(30);
    expect((await sandbox.pods()).length).toBe(6);
  });

  it('runs in real time as well', async () => {
    const clock = new RealClock(100);
    const sandbox = createSandbox({ hook: fakeHook(), clock });
    await sandbox.apply(stormService());
    await sandbox.eventually('pods are ready', async () => (await sandbox.endpoints('my-app')).length === 3, 60);
    await sandbox.close();
  });

  it('makes thousands of syncs in one test', async () => {
    const hook = fakeHook(({ parent }) => ({ status: {}, children: childrenOf(parent), resyncAfterSeconds: 1 }));
    const sandbox = createSandbox({ hook });
    await sandbox.apply(stormService());
    await sandbox.advance(2000);
    expect(hook.requests.length).toBeGreaterThanOrEqual(2000);
  });
});
