import { describe, expect, it } from 'vitest';
import type { ApplyStrategy } from '../../src/metacontroller/hook.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { watchPromises } from './promises.js';
import {
  annotate,
  healthy,
  loseStatus,
  podsByImage,
  rolloutOf,
  untilMessage,
  untilPhase,
  type world,
} from './world.js';

async function blueGreen(fields: object = {}, options: Parameters<typeof world>[0] = {}, replicas = 4) {
  const sandbox = await healthy({ replicas, rolloutStrategy: { blueGreen: fields } }, options);
  await sandbox.advance(5);
  const promises = watchPromises(sandbox);
  return { sandbox, promises, image: (image: string) => sandbox.setImage('my-app', 'web', image) };
}

/** Images of the pods that a Service sends traffic to, with how many there are. */
async function served(sandbox: Sandbox, service: string): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { spec } of await sandbox.endpoints(service)) {
    const [{ image }] = spec['containers'] as unknown as [{ image: string }];
    counts[image] = (counts[image] ?? 0) + 1;
  }
  return counts;
}

const GATED = { autoPromotionEnabled: false };

describe.each<ApplyStrategy>(['dynamic-apply', 'server-side-apply'])('blue-green with %s', applyStrategy => {
  it('previews, waits, switches all at once, and takes the old pods away after their delay', async () => {
    const { sandbox, promises, image } = await blueGreen({ ...GATED, scaleDownDelaySeconds: 60 }, { applyStrategy });
    for (const service of ['my-app', 'my-app-active', 'my-app-preview']) {
      expect(await served(sandbox, service)).toEqual({ 'app:1': 4 });
    }
    const { stableRevision: first } = await rolloutOf(sandbox);
    await image('app:2');
    await untilPhase(sandbox, 'Paused');
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4, 'app:2': 4 });
    expect(await served(sandbox, 'my-app-active')).toEqual({ 'app:1': 4 });
    expect(await served(sandbox, 'my-app-preview')).toEqual({ 'app:2': 4 });
    await sandbox.advance(24 * 3600);
    const { updatedRevision: second } = await rolloutOf(sandbox);
    expect(await rolloutOf(sandbox)).toMatchObject({
      phase: 'Paused',
      step: '1/1 pause until approved',
      blueGreen: { activeRevision: first, previewRevision: second },
    });
    await annotate(sandbox, 'approve', `${second}:0`);
    await untilPhase(sandbox, 'Healthy');
    const switched = sandbox.clock.now();
    for (const service of ['my-app', 'my-app-active', 'my-app-preview']) {
      expect(await served(sandbox, service)).toEqual({ 'app:2': 4 });
    }
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4, 'app:2': 4 });
    await sandbox.eventually('old pods go', async () => (await podsByImage(sandbox))['app:1'] === undefined, 120);
    expect(sandbox.clock.now() - switched).toBeGreaterThanOrEqual(59_000);
    expect(sandbox.clock.now() - switched).toBeLessThan(62_000);
    expect(promises.broken).toEqual([]);
  });
});

describe('before the switch', () => {
  it('previewReplicaCount runs few pods until the gate, and all of them before the switch', async () => {
    const { sandbox, promises, image } = await blueGreen({ ...GATED, previewReplicaCount: 1 });
    await image('app:2');
    await untilPhase(sandbox, 'Paused');
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4, 'app:2': 1 });
    await annotate(sandbox, 'approve', 'true');
    await untilMessage(sandbox, /the new revision: \d of 4/);
    expect(await served(sandbox, 'my-app-active')).toEqual({ 'app:1': 4 });
    await untilPhase(sandbox, 'Healthy');
    expect(await served(sandbox, 'my-app-active')).toEqual({ 'app:2': 4 });
    expect(promises.broken).toEqual([]);
  });

  it('autoPromotionSeconds counts from when the preview is available, and an approval ends it', async () => {
    for (const early of [false, true]) {
      const { sandbox, promises, image } = await blueGreen({ autoPromotionSeconds: 120 });
      await image('app:2');
      await untilPhase(sandbox, 'Paused');
      const began = sandbox.clock.now();
      if (early) await annotate(sandbox, 'approve', 'true');
      await untilPhase(sandbox, 'Healthy');
      const lasted = (sandbox.clock.now() - began) / 1000;
      expect(lasted < 60).toBe(early);
      expect(lasted).toBeLessThan(126);
      expect(promises.broken).toEqual([]);
    }
  });

  it('without a gate it switches as soon as every pod is available', async () => {
    const { sandbox, promises, image } = await blueGreen();
    await image('app:2');
    await sandbox.advance(0.5);
    await untilPhase(sandbox, 'Healthy');
    expect(await served(sandbox, 'my-app-active')).toEqual({ 'app:2': 4 });
    expect(promises.broken).toEqual([]);
  });

  it('pods that never get ready get no traffic', async () => {
    const { sandbox, promises, image } = await blueGreen();
    await image('app:bad');
    await sandbox.advance(3600);
    expect(await served(sandbox, 'my-app-active')).toEqual({ 'app:1': 4 });
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded', message: expect.stringContaining('0 of 4') });
    expect(promises.broken).toEqual([]);
  });

  it('a third revision takes the preview over and the one between goes', async () => {
    const { sandbox, promises, image } = await blueGreen(GATED);
    await image('app:2');
    await untilPhase(sandbox, 'Paused');
    await image('app:3');
    await sandbox.advance(10);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4, 'app:3': 4 });
    expect(await served(sandbox, 'my-app-active')).toEqual({ 'app:1': 4 });
    await untilPhase(sandbox, 'Paused');
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    expect(await served(sandbox, 'my-app-active')).toEqual({ 'app:3': 4 });
    expect(promises.broken).toEqual([]);
  });

  it('an abort takes the preview back, and its pods after their delay', async () => {
    const { sandbox, promises, image } = await blueGreen({ ...GATED, abortScaleDownDelaySeconds: 60 });
    await image('app:2');
    await untilPhase(sandbox, 'Paused');
    await annotate(sandbox, 'abort', 'true');
    await untilPhase(sandbox, 'Degraded');
    await sandbox.advance(5);
    expect(await served(sandbox, 'my-app-preview')).toEqual({ 'app:1': 4 });
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4, 'app:2': 4 });
    await sandbox.advance(70);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4 });
    await sandbox.advance(3600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded', abort: { reason: 'AbortedByAnnotation' } });
    await annotate(sandbox, 'retry', 'true');
    await untilPhase(sandbox, 'Paused');
    expect(await served(sandbox, 'my-app-preview')).toEqual({ 'app:2': 4 });
    expect(promises.broken).toEqual([]);
  });

  it('abortScaleDownDelaySeconds 0 never removes them', async () => {
    const { sandbox, image } = await blueGreen({ ...GATED, abortScaleDownDelaySeconds: 0 });
    await image('app:2');
    await untilPhase(sandbox, 'Paused');
    await annotate(sandbox, 'abort', 'true');
    await untilPhase(sandbox, 'Degraded');
    await sandbox.advance(24 * 3600);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4, 'app:2': 4 });
  });

  it('scales with spec.replicas on both sides', async () => {
    const { sandbox, promises, image } = await blueGreen(GATED);
    await image('app:2');
    await untilPhase(sandbox, 'Paused');
    await sandbox.scale('my-app', 6);
    await sandbox.advance(30);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 6, 'app:2': 6 });
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    await sandbox.scale('my-app', 2);
    await sandbox.advance(60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 2 });
    expect(promises.broken).toEqual([]);
  });
});

describe('after the switch', () => {
  const SLOW = { settleSeconds: 30 };

  it('an abort before it is in effect turns back at once', async () => {
    const { sandbox, promises, image } = await blueGreen(SLOW);
    await image('app:2');
    await untilMessage(sandbox, /to settle/);
    expect(await served(sandbox, 'my-app-active')).toEqual({ 'app:2': 4 });
    const writes = sandbox.metacontroller.syncs;
    await annotate(sandbox, 'abort', 'true');
    await sandbox.runUntil(() => sandbox.metacontroller.syncs > writes, 5);
    expect(await served(sandbox, 'my-app-active')).toEqual({ 'app:1': 4 });
    await sandbox.advance(120);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4 });
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded' });
    expect(promises.broken).toEqual([]);
  });

  it('a third revision leaves active where it is until it is ready itself', async () => {
    const { sandbox, promises, image } = await blueGreen(SLOW);
    await image('app:2');
    await untilMessage(sandbox, /to settle/);
    await image('app:bad');
    await sandbox.advance(300);
    expect(Object.values(await served(sandbox, 'my-app-active'))).toEqual([4]);
    await image('app:3');
    await sandbox.advance(0.5);
    await untilPhase(sandbox, 'Healthy');
    expect(await served(sandbox, 'my-app-active')).toEqual({ 'app:3': 4 });
    await sandbox.advance(120);
    expect(await podsByImage(sandbox)).toEqual({ 'app:3': 4 });
    expect(promises.broken).toEqual([]);
  });

  it('going back to a revision inside its delay skips the pause', async () => {
    const { sandbox, promises, image } = await blueGreen({ autoPromotionSeconds: 300, scaleDownDelaySeconds: 600 });
    await image('app:2');
    await untilPhase(sandbox, 'Paused');
    await untilPhase(sandbox, 'Healthy', 400);
    const began = sandbox.clock.now();
    await image('app:1');
    await sandbox.advance(0.5);
    await untilPhase(sandbox, 'Healthy');
    expect(sandbox.clock.now() - began).toBeLessThan(10_000);
    expect(await served(sandbox, 'my-app-active')).toEqual({ 'app:1': 4 });
    expect(promises.broken).toEqual([]);
  });

  it('going back later waits as every rollout does', async () => {
    const { sandbox, image } = await blueGreen({ autoPromotionSeconds: 300 });
    await image('app:2');
    await sandbox.advance(1);
    await untilPhase(sandbox, 'Healthy', 400);
    await sandbox.advance(120);
    await image('app:1');
    await sandbox.advance(1);
    await untilPhase(sandbox, 'Paused');
    expect(await served(sandbox, 'my-app-active')).toEqual({ 'app:2': 4 });
  });

  it('going back inside rollbackWindow does not', async () => {
    const { sandbox, promises, image } = await blueGreen({
      autoPromotionSeconds: 300,
      rollbackWindow: { revisions: 1 },
    });
    await image('app:2');
    await sandbox.advance(1);
    await untilPhase(sandbox, 'Healthy', 400);
    await sandbox.advance(120);
    const began = sandbox.clock.now();
    await image('app:1');
    await sandbox.advance(1);
    await untilPhase(sandbox, 'Healthy');
    expect(sandbox.clock.now() - began).toBeLessThan(30_000);
    expect(promises.broken).toEqual([]);
  });

  it('with status lost stable is what active selects, and the old pods still have their delay', async () => {
    const { sandbox, promises, image } = await blueGreen({ scaleDownDelaySeconds: 60 });
    await image('app:2');
    await sandbox.advance(1);
    await untilPhase(sandbox, 'Healthy');
    const { stableRevision } = await rolloutOf(sandbox);
    await loseStatus(sandbox);
    await sandbox.advance(5);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Healthy', stableRevision });
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4, 'app:2': 4 });
    await sandbox.advance(70);
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 4 });
    expect(promises.broken).toEqual([]);
  });

  it('a Service that somebody deleted is made again with what it selected', async () => {
    const { sandbox, promises, image } = await blueGreen(GATED);
    await image('app:2');
    await untilPhase(sandbox, 'Paused');
    for (const service of ['my-app', 'my-app-active', 'my-app-preview']) await sandbox.delete('Service.v1', service);
    await sandbox.advance(5);
    expect(await served(sandbox, 'my-app-active')).toEqual({ 'app:1': 4 });
    expect(await served(sandbox, 'my-app')).toEqual({ 'app:1': 4 });
    expect(await served(sandbox, 'my-app-preview')).toEqual({ 'app:2': 4 });
    expect(promises.broken).toEqual([]);
  });
});
