/** What holds for every router: weights follow the steps, an abort reverts all of it, nothing is promised too much. */
import { describe, expect, it } from 'vitest';
import { annotate, podsByImage, untilPhase, untilStep } from '../world.js';
import { approveAt, served, serving, untilWeight, weightOf } from './routedWorld.js';
import { ISTIO, ROUTED, SMI } from './routers.js';

describe.each(ROUTED)('$title', router => {
  it.each(['dynamic-apply', 'server-side-apply'] as const)(
    '0, 20, 40, 100 behind gates, with %s',
    async applyStrategy => {
      const { sandbox, promises, image } = await serving({ router, applyStrategy });
      await image('app:2');
      for (const [step, weight] of [
        [1, 20],
        [3, 40],
        [5, 100],
      ] as const) {
        await untilStep(sandbox, step);
        expect(await weightOf(sandbox)).toBe(weight);
        await sandbox.advance(600);
        expect(await weightOf(sandbox)).toBe(weight);
        expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:2': weight / 20 });
        await approveAt(sandbox, step);
      }
      await untilPhase(sandbox, 'Healthy');
      const promoted = sandbox.clock.now();
      expect(await weightOf(sandbox)).toBe(0);
      expect(await served(sandbox, 'my-app-stable')).toEqual({ 'app:2': 5 });
      expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:2': 5 });
      await sandbox.eventually('old pods go', async () => (await podsByImage(sandbox))['app:1'] === undefined, 60);
      expect(sandbox.clock.now() - promoted).toBeGreaterThanOrEqual(29_000);
      expect(promises.broken).toEqual([]);
      await sandbox.advance(10);
      const writes = sandbox.writes.total;
      await sandbox.advance(3600);
      expect(sandbox.writes.total).toBe(writes);
    },
  );

  it.each([1, 3, 5])('an abort at step %d: weight 0 in the same sync', async step => {
    const { sandbox, promises, image } = await serving({ router });
    await image('app:2');
    for (const gate of [1, 3, 5].filter(gate => gate < step)) await approveAt(sandbox, gate);
    await untilStep(sandbox, step);
    const { syncs } = sandbox.metacontroller;
    await annotate(sandbox, 'abort', 'true');
    await sandbox.eventually('the sync', async () => sandbox.metacontroller.syncs > syncs, 5);
    await sandbox.advance(0.2);
    expect(await weightOf(sandbox)).toBe(0);
    await untilPhase(sandbox, 'Degraded');
    await sandbox.eventually('its pods go', async () => (await podsByImage(sandbox))['app:2'] === undefined, 60);
    expect(await served(sandbox, 'my-app-stable')).toEqual({ 'app:1': 5 });
    expect(promises.broken).toEqual([]);
  });
});

describe('series of weights', () => {
  it.each([
    ['Flagger: stepWeight 20 up to 50', [20, 40, 60], 100],
    ['50, 100', [50, 100], 100],
    ['1, 2, 10, 80', [1, 2, 10, 80], 100],
    ['thousandths', [1, 25, 999], 1000],
  ] as const)('%s', async (_, weights, maxTrafficWeight) => {
    const steps = weights.flatMap(setWeight => [{ setWeight }, { pause: true }]);
    const { sandbox, promises, image } = await serving({ router: SMI, steps, routing: { maxTrafficWeight } });
    await image('app:2');
    for (const [i, weight] of weights.entries()) {
      await untilStep(sandbox, 2 * i + 1);
      const split = await sandbox.get('TrafficSplit.split.smi-spec.io/v1alpha1', 'my-app');
      expect(split?.['spec']).toMatchObject({
        backends: [
          { service: 'my-app-stable', weight: String(maxTrafficWeight - weight) },
          { service: 'my-app-canary', weight: String(weight) },
        ],
      });
      await approveAt(sandbox, 2 * i + 1);
    }
    await untilPhase(sandbox, 'Healthy');
    expect(promises.broken).toEqual([]);
  });
});

it('without steps it goes straight to all of it', async () => {
  const { sandbox, promises, image } = await serving({ router: ISTIO, steps: [] });
  await image('app:2');
  await untilWeight(sandbox, 100);
  await untilPhase(sandbox, 'Healthy');
  expect(await served(sandbox, 'my-app')).toEqual({ 'app:2': 5 });
  expect(promises.broken).toEqual([]);
});
