import { describe, expect, it } from 'vitest';
import { watchPromises } from './promises.js';
import { annotate, healthy, podsByImage, rolloutOf, untilMessage, untilPhase } from './world.js';

const HALF = { canary: { steps: [{ setWeight: 50 }, { pause: true }] } };
const GATED = { blueGreen: { autoPromotionEnabled: false } };

async function serving(replicas: number, rolloutStrategy: object) {
  const sandbox = await healthy({ replicas, rolloutStrategy });
  const promises = watchPromises(sandbox);
  /** Ready pods behind the root Service at their fewest. */
  const fewest = { count: Number.POSITIVE_INFINITY };
  sandbox.on(async () => {
    fewest.count = Math.min(fewest.count, (await sandbox.endpoints('my-app')).length);
  });
  return { sandbox, promises, fewest };
}

describe('another strategy while nothing is rolled out', () => {
  it.each<[string, object, object]>([
    ['canary to blue-green', HALF, { canary: null, ...GATED }],
    ['blue-green to canary', GATED, { blueGreen: null, ...HALF }],
    ['rolling update to blue-green', { rollingUpdate: { maxSurge: 1 } }, { rollingUpdate: null, ...GATED }],
    ['blue-green to rolling update', GATED, { blueGreen: null, rollingUpdate: { maxSurge: 1 } }],
  ])('%s moves no pod and leaves no request unserved', async (_, before, after) => {
    const { sandbox, promises, fewest } = await serving(4, before);
    await sandbox.patch('my-app', { spec: { rolloutStrategy: after as never } });
    await sandbox.advance(120);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4 });
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Healthy' });
    expect(fewest.count).toBe(4);
    expect(promises.broken).toEqual([]);
    await sandbox.setImage('my-app', 'web', 'app:2');
    await sandbox.advance(1);
    expect((await rolloutOf(sandbox)).phase).not.toBe('Healthy');
  });
});

describe('another strategy in the middle of a rollout', () => {
  it('canary to blue-green goes back to stable first, then starts again', async () => {
    const { sandbox, promises, fewest } = await serving(10, HALF);
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: null, ...GATED } } });
    await untilMessage(sandbox, /rolling back to stable/);
    await untilPhase(sandbox, 'Paused');
    expect(await rolloutOf(sandbox)).toMatchObject({ strategy: 'BlueGreen', step: '1/1 pause until approved' });
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10, 'app:2': 10 });
    expect(fewest.count).toBeGreaterThanOrEqual(8);
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    expect(await sandbox.endpoints('my-app')).toHaveLength(10);
    expect(promises.broken).toEqual([]);
  });

  it('blue-green to canary goes back to stable first, then starts again', async () => {
    const { sandbox, promises, fewest } = await serving(10, GATED);
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { blueGreen: null, ...HALF } } });
    await untilMessage(sandbox, /rolling back to stable/);
    await untilPhase(sandbox, 'Paused');
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:2': 5 });
    expect(fewest.count).toBeGreaterThanOrEqual(8);
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    expect(promises.broken).toEqual([]);
  });

  it('blue-green to canary after the switch turns the root Service back before any pod goes', async () => {
    const { sandbox, promises, fewest } = await serving(10, { blueGreen: { settleSeconds: 60 } });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilMessage(sandbox, /to settle/);
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { blueGreen: null, ...HALF } } });
    await untilMessage(sandbox, /rolling back to stable/);
    await untilPhase(sandbox, 'Paused');
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:2': 5 });
    expect(fewest.count).toBeGreaterThanOrEqual(8);
    expect(promises.broken).toEqual([]);
  });

  it('with another template at the same time nothing is left unserved either', async () => {
    const { sandbox, promises, fewest } = await serving(10, HALF);
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    const template = {
      metadata: { labels: { app: 'my-app' } },
      spec: { containers: [{ name: 'web', image: 'app:3', ports: [{ name: 'http', containerPort: 8080 }] }] },
    };
    await sandbox.patch('my-app', { spec: { template, rolloutStrategy: { canary: null, ...GATED } } });
    await sandbox.advance(1);
    await untilPhase(sandbox, 'Paused');
    await sandbox.advance(10);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10, 'app:3': 10 });
    expect(fewest.count).toBeGreaterThanOrEqual(8);
    expect(promises.broken).toEqual([]);
  });

  it('writes no status while stable pods are awaited that do not come', async () => {
    const { sandbox } = await serving(10, HALF);
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    for (const pod of sandbox.kubelet.list('default'))
      if (JSON.stringify(pod.spec).includes('app:1')) sandbox.kubelet.break(pod);
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: null, ...GATED } } });
    await sandbox.advance(60);
    const writes = sandbox.writes.total;
    await sandbox.advance(300);
    expect(await rolloutOf(sandbox)).toMatchObject({ message: expect.stringContaining('rolling back to stable') });
    expect(sandbox.writes.total - writes).toBeLessThanOrEqual(1);
  });

  it('the root Service by another name is made before the rollout goes on', async () => {
    const { sandbox, promises } = await serving(10, HALF);
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    await sandbox.patch('my-app', { spec: { service: { name: 'shop' } } });
    await sandbox.advance(60);
    await untilPhase(sandbox, 'Paused');
    expect((await sandbox.endpoints('shop')).length).toBe(10);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:2': 5 });
    expect(promises.broken).toEqual([]);
  });
});
