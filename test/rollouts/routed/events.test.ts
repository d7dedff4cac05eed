/** Other templates, holds and lost status in the middle of a canary with traffic routing. */
import { describe, expect, it } from 'vitest';
import { annotate, conditionOf, loseStatus, podsByImage, rolloutOf, untilPhase, untilStep } from '../world.js';
import { approveAt, atForty, GATED_STEPS, served, serving, untilWeight, weightOf } from './routedWorld.js';
import { ROUTED } from './routers.js';

describe('templates', () => {
  it('back at stable: weight 0 at once, its pods go after their delay', async () => {
    const { sandbox, promises, image } = await atForty();
    await image('app:1');
    await untilWeight(sandbox, 0, 2);
    await untilPhase(sandbox, 'Healthy');
    await sandbox.eventually('its pods go', async () => (await podsByImage(sandbox))['app:2'] === undefined, 60);
    expect(promises.broken).toEqual([]);
  });

  it.each([false, true])('a third one while the first canary has weight, dynamicStableScale %s', async dynamic => {
    const { sandbox, promises, image } = await atForty({ canary: { dynamicStableScale: dynamic } });
    await image('app:3');
    await approveAt(sandbox, 1);
    expect(await weightOf(sandbox)).toBe(20);
    expect(await served(sandbox, 'my-app-canary')).toEqual({ 'app:3': 1 });
    expect((await podsByImage(sandbox))['app:2']).toBeUndefined();
    for (const gate of [3, 5]) await approveAt(sandbox, gate);
    await untilPhase(sandbox, 'Healthy');
    expect(await served(sandbox, 'my-app')).toEqual({ 'app:3': 5 });
    expect(promises.broken).toEqual([]);
  });

  it('a third one between the switch of the stable Service and the end goes back to stable first', async () => {
    const { sandbox, promises, image } = await atForty({
      steps: [{ setWeight: 20 }, { pause: true }, { setWeight: 40 }, { pause: true }],
    });
    await annotate(sandbox, 'approve', 'true');
    await sandbox.eventually(
      'stable is switched',
      async () => (await served(sandbox, 'my-app-stable'))['app:2'] === 5,
      60,
    );
    await image('app:3');
    await untilStep(sandbox, 1);
    expect(await served(sandbox, 'my-app-stable')).toEqual({ 'app:1': 5 });
    expect(await weightOf(sandbox)).toBe(20);
    expect(promises.broken).toEqual([]);
  });

  it('one inside the rollback window needs no steps', async () => {
    const { sandbox, promises, image } = await serving({ canary: { rollbackWindow: { revisions: 1 } } });
    await image('app:2');
    for (const gate of [1, 3, 5]) await approveAt(sandbox, gate);
    await untilPhase(sandbox, 'Healthy');
    await sandbox.advance(60);
    await image('app:1');
    await sandbox.advance(1);
    await untilPhase(sandbox, 'Healthy');
    expect(await served(sandbox, 'my-app')).toEqual({ 'app:1': 5 });
    expect(promises.broken.filter(text => !/P1|P4/.test(text))).toEqual([]);
  });
});

describe('status', () => {
  it('lost at a gate: the rollout goes on behind the same gate, and its weight stays', async () => {
    const { sandbox, promises } = await atForty();
    await loseStatus(sandbox);
    await untilStep(sandbox, 1);
    expect(await weightOf(sandbox)).toBe(20);
    for (const gate of [1, 3, 5]) await approveAt(sandbox, gate);
    await untilPhase(sandbox, 'Healthy');
    expect(promises.broken).toEqual([]);
  });

  it('lost under a hold: no pod leaves before its traffic', async () => {
    const { sandbox, promises } = await atForty({ canary: { scaleDownDelaySeconds: 0 } });
    await annotate(sandbox, 'pause', 'true');
    await loseStatus(sandbox);
    await sandbox.advance(30);
    expect(await weightOf(sandbox)).toBe(20);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:2': 1 });
    expect(promises.broken).toEqual([]);
  });

  it('lost behind a canary scale: pods stay for the weight that is left over', async () => {
    const steps = [
      { setCanaryScale: { replicas: 1 } },
      { pause: true },
      { setCanaryScale: { matchTrafficWeight: true } },
      { setWeight: 60 },
      { pause: true },
    ];
    const { sandbox, promises, image } = await serving({ steps });
    await image('app:2');
    await approveAt(sandbox, 1);
    await untilStep(sandbox, 4);
    await loseStatus(sandbox);
    await untilStep(sandbox, 1);
    expect(await weightOf(sandbox)).toBe(0);
    await sandbox.advance(10);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:2': 1 });
    expect(promises.broken).toEqual([]);
  });

  it('lost while idle changes nothing', async () => {
    const { sandbox, promises } = await serving();
    await loseStatus(sandbox);
    await untilPhase(sandbox, 'Healthy');
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5 });
    expect(promises.broken).toEqual([]);
  });
});

it('a hold freezes the weight where it is, an abort is not held', async () => {
  const { sandbox, promises } = await atForty();
  await annotate(sandbox, 'pause', 'true');
  await sandbox.advance(60);
  expect(await weightOf(sandbox)).toBe(40);
  expect((await rolloutOf(sandbox)).phase).toBe('Paused');
  await annotate(sandbox, 'abort', 'true');
  await untilWeight(sandbox, 0, 5);
  expect(promises.broken).toEqual([]);
});

it.each(ROUTED)('a first deployment needs no steps: $title', async router => {
  const { sandbox, promises } = await serving({ router, steps: GATED_STEPS });
  expect(await weightOf(sandbox)).toBe(0);
  expect(await served(sandbox, 'my-app-stable')).toEqual({ 'app:1': 5 });
  expect(await conditionOf(sandbox, 'RoutingReady')).toMatchObject({ status: 'True' });
  expect(promises.broken).toEqual([]);
});
