/** Pods of a canary with traffic routing: that die, that steps scale, that follow the traffic. */
import { describe, expect, it } from 'vitest';
import { annotate, podsByImage, rolloutOf, untilPhase, untilStep } from '../world.js';
import { approveAt, atForty, breakPods, serving, untilWeight, weightOf } from './routedWorld.js';

describe('pods', () => {
  it.each([false, true])(
    'no canary pod is left: weight 0 until they are back, dynamicStableScale %s',
    async dynamic => {
      const { sandbox, promises } = await atForty({ canary: { dynamicStableScale: dynamic } });
      const { heal } = await breakPods(sandbox, 'app:2');
      await untilWeight(sandbox, 0, 30);
      await sandbox.advance(60);
      expect(await weightOf(sandbox)).toBe(0);
      expect((await rolloutOf(sandbox)).message).toMatch(/canary: 0 of 2 pods/);
      heal();
      await untilWeight(sandbox, 40);
      expect(promises.broken).toEqual([]);
    },
  );

  it('one of two canary pods is left: the weight stays, and nothing goes on', async () => {
    const { sandbox, promises } = await atForty();
    await breakPods(sandbox, 'app:2', 1);
    await approveAt(sandbox, 3);
    await sandbox.advance(60);
    expect(await weightOf(sandbox)).toBe(40);
    expect((await rolloutOf(sandbox)).message).toMatch(/canary: \d of 5 pods/);
    expect(promises.broken).toEqual([]);
  });

  it('stable pods die: the weight is not raised before they are back', async () => {
    const { sandbox, promises } = await atForty();
    const { heal } = await breakPods(sandbox, 'app:1', 3);
    await approveAt(sandbox, 3);
    await sandbox.advance(60);
    expect(await weightOf(sandbox)).toBe(40);
    expect((await rolloutOf(sandbox)).message).toMatch(/stable: 2 of 3 pods/);
    heal();
    await untilWeight(sandbox, 100);
    expect(promises.broken).toEqual([]);
  });

  it.each([
    [
      'setCanaryScale.replicas',
      [{ setCanaryScale: { replicas: 3 } }, { pause: true }, { setWeight: 20 }, { pause: true }],
      [3, 3],
    ],
    [
      'setCanaryScale.weight',
      [{ setCanaryScale: { weight: 60 } }, { pause: true }, { setWeight: 20 }, { pause: true }],
      [3, 3],
    ],
    [
      'matchTrafficWeight',
      [
        { setCanaryScale: { replicas: 4 } },
        { setWeight: 20 },
        { pause: true },
        { setCanaryScale: { matchTrafficWeight: true } },
        { pause: true },
      ],
      [4, 1],
    ],
  ] as const)('%s', async (_, steps, wanted) => {
    const { sandbox, promises, image } = await serving({ steps });
    await image('app:2');
    const gates = steps.flatMap((step, i) => ('pause' in step ? [i] : []));
    for (const [i, gate] of gates.entries()) {
      await untilStep(sandbox, gate);
      await sandbox.advance(10);
      expect((await podsByImage(sandbox))['app:2']).toBe(wanted[i]);
      await approveAt(sandbox, gate);
    }
    await untilPhase(sandbox, 'Healthy');
    expect(promises.broken).toEqual([]);
  });

  it('minPodsPerReplicaSet', async () => {
    const { sandbox, promises } = await atForty({ canary: { minPodsPerReplicaSet: 3 } });
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:2': 3 });
    expect(promises.broken).toEqual([]);
  });

  it('dynamicStableScale: stable shrinks as its traffic does, and is whole before an abort takes all of it back', async () => {
    const { sandbox, promises } = await atForty({ canary: { dynamicStableScale: true } });
    await sandbox.advance(10);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 3, 'app:2': 2 });
    await approveAt(sandbox, 3);
    await untilStep(sandbox, 5);
    await sandbox.advance(10);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 1, 'app:2': 5 });
    await annotate(sandbox, 'abort', 'true');
    await untilPhase(sandbox, 'Degraded');
    await untilWeight(sandbox, 0);
    await sandbox.eventually('its pods go', async () => (await podsByImage(sandbox))['app:2'] === undefined, 60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5 });
    expect(promises.broken).toEqual([]);
  });

  it('no replicas at all: the route rests, and all comes back', async () => {
    const { sandbox } = await atForty();
    await sandbox.scale('my-app', 0);
    await sandbox.advance(30);
    expect(await podsByImage(sandbox)).toEqual({});
    const writes = sandbox.writes.total;
    await sandbox.advance(60);
    expect(sandbox.writes.total).toBe(writes);
    await sandbox.scale('my-app', 5);
    await sandbox.advance(30);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:2': 2 });
    expect(await weightOf(sandbox)).toBe(40);
  });

  it.each([3, 10])('%d replicas in the middle of it', async replicas => {
    const { sandbox, promises } = await atForty();
    await sandbox.scale('my-app', replicas);
    await sandbox.advance(30);
    expect(await weightOf(sandbox)).toBe(40);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': replicas, 'app:2': Math.ceil(0.4 * replicas) });
    for (const gate of [3, 5]) await approveAt(sandbox, gate);
    await untilPhase(sandbox, 'Healthy');
    expect(promises.broken).toEqual([]);
  });
});
