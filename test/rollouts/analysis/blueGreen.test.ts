/** Analysis before and after a blue-green switch. */
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { JsonObject } from '../../../src/schema/json.js';
import { REVISION_LABEL } from '../../../src/schema/names.js';
import { annotate, podsByImage, rolloutOf, stormService, untilMessage, untilPhase } from '../world.js';
import { type Answers, type Measured, measuredHealthy, untilPromoted } from './measured.js';
import { prometheus, several } from './metrics.js';
import { abortOf, runsOf } from './runs.js';

async function rollOut(blueGreen: JsonObject, answers: Answers, autoRollback?: JsonObject): Promise<Measured> {
  const rolloutStrategy = { blueGreen, ...(autoRollback && { autoRollback }) };
  const world = await measuredHealthy({ replicas: 3, rolloutStrategy }, answers);
  await world.sandbox.setImage('my-app', 'web', 'app:2');
  return world;
}

async function selectedBy(sandbox: Sandbox, service: string): Promise<string | undefined> {
  const object = await sandbox.get('Service.v1', service);
  return (object?.['spec'] as { selector?: Record<string, string> } | undefined)?.selector?.[REVISION_LABEL];
}

/** Who has the traffic, and who would get it. */
async function selected(sandbox: Sandbox) {
  const { stableRevision, updatedRevision } = await rolloutOf(sandbox);
  const name = (revision: string | undefined) =>
    revision === updatedRevision && revision !== stableRevision ? 'new' : 'stable';
  return {
    active: name(await selectedBy(sandbox, 'my-app-active')),
    preview: name(await selectedBy(sandbox, 'my-app-preview')),
  };
}

const pre = { prePromotionAnalysis: { metrics: [several('pre', 3)] } };
const post = { postPromotionAnalysis: { metrics: [several('post', 3)] } };

describe('before the switch', () => {
  it('a good preview is switched to, once it has been measured', async () => {
    const { sandbox, asked } = await rollOut(pre, () => 1);
    await untilMessage(sandbox, /waiting for the prePromotion analysis/);
    await sandbox.always('nobody is sent there', async () => (await selected(sandbox)).active === 'stable', 18);
    expect(await selected(sandbox)).toEqual({ active: 'stable', preview: 'new' });
    await untilPromoted(sandbox, 'app:2');
    expect(asked).toHaveLength(3);
  });

  it('a bad one never gets traffic', async () => {
    const { sandbox } = await rollOut({ ...pre, abortScaleDownDelaySeconds: 5 }, () => 0);
    let exposed = false;
    sandbox.on(() => {
      void selected(sandbox).then(({ active }) => {
        exposed ||= active === 'new';
      });
    });
    await untilPhase(sandbox, 'Degraded');
    expect(await abortOf(sandbox)).toMatchObject({ reason: 'AnalysisFailed' });
    await sandbox.advance(600);
    expect(exposed).toBe(false);
    expect(await selected(sandbox)).toEqual({ active: 'stable', preview: 'stable' });
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 3 });
  });

  it('an inconclusive one waits for a person, and then still for the pause', async () => {
    const { sandbox } = await rollOut({ ...pre, autoPromotionEnabled: false }, () => 5);
    await untilPhase(sandbox, 'Paused');
    const { updatedRevision, message } = await rolloutOf(sandbox);
    expect(message).toContain(`rollout-approve=${updatedRevision}:0`);
    await annotate(sandbox, 'approve', `${updatedRevision}:0`);
    await untilMessage(sandbox, /waiting for approval/);
    await sandbox.always('the pause holds', async () => (await selected(sandbox)).active === 'stable', 3600);
    await annotate(sandbox, 'approve', `${updatedRevision}:1`);
    await untilPromoted(sandbox, 'app:2');
  });

  it('taking the analysis out of the spec opens no pause', async () => {
    const { sandbox } = await rollOut({ ...pre, autoPromotionEnabled: false }, () => 1);
    await untilMessage(sandbox, /waiting for approval/);
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { blueGreen: { prePromotionAnalysis: null } } } });
    await sandbox.always('the pause holds', async () => (await selected(sandbox)).active === 'stable', 3600);
    await annotate(sandbox, 'approve', 'true');
    await untilPromoted(sandbox, 'app:2');
  });

  it('a longer pause goes on from where it began', async () => {
    const { sandbox } = await rollOut({ ...pre, autoPromotionSeconds: 60 }, () => 1);
    await untilMessage(sandbox, /paused until/);
    const began = sandbox.clock.now();
    await sandbox.advance(40);
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { blueGreen: { autoPromotionSeconds: 90 } } } });
    await untilPromoted(sandbox, 'app:2');
    expect(sandbox.clock.now() - began).toBeGreaterThan(89_000);
    expect(sandbox.clock.now() - began).toBeLessThan(96_000);
  });

  it('a full promotion skips it', async () => {
    for (const value of [undefined, 5]) {
      const { sandbox, asked } = await rollOut({ ...pre, ...post, autoPromotionEnabled: false }, () => value);
      await sandbox.eventually('it is asked', async () => asked.length > 0);
      if (value !== undefined) await untilPhase(sandbox, 'Paused');
      await annotate(sandbox, 'promote', 'full');
      await untilPromoted(sandbox, 'app:2');
      expect(asked.map(({ metric }) => metric)).toEqual(['pre']);
    }
  });
});

describe('after the switch', () => {
  it('keeps the old pods until it has succeeded', async () => {
    const { sandbox, asked } = await rollOut({ ...post, scaleDownDelaySeconds: 5 }, () => 1);
    await untilMessage(sandbox, /waiting for the postPromotion analysis/);
    expect(await selected(sandbox)).toEqual({ active: 'new', preview: 'new' });
    await sandbox.always('both are there', async () => Object.keys(await podsByImage(sandbox)).length === 2, 20);
    await untilPromoted(sandbox, 'app:2');
    expect(asked).toHaveLength(3);
    await sandbox.advance(30);
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 3 });
  });

  it('a failure turns active back in the sync that reads it', async () => {
    const { sandbox, asked } = await rollOut({ ...post, scaleDownDelaySeconds: 5 }, ({ dueAt }) =>
      dueAt > Date.UTC(2026, 0, 1, 0, 0, 20) ? 0 : 1,
    );
    let active: unknown;
    sandbox.on(event => {
      if (event.type !== 'sync' || active !== undefined) return;
      const { status, children = [] } = event.sync.answer ?? {};
      const rollout = (status as { rolloutStatus?: JsonObject } | undefined)?.rolloutStatus ?? {};
      if (rollout['abort'] === undefined) return;
      const service = children.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'my-app-active');
      const { selector } = (service?.['spec'] ?? {}) as { selector?: Record<string, string> };
      active = selector?.[REVISION_LABEL] === rollout['stableRevision'] ? 'stable' : 'new';
    });
    await untilPhase(sandbox, 'Degraded');
    expect(active).toBe('stable');
    expect(sandbox.clock.now() - asked.at(-1)!.now).toBeLessThan(100);
    expect(await selected(sandbox)).toEqual({ active: 'stable', preview: 'stable' });
    expect(await podsByImage(sandbox)).toMatchObject({ 'app:1': 3 });
    await sandbox.advance(3600);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 3 });
  });

  it('inconclusive: both stay as they are until a person says', async () => {
    const { sandbox, answer } = await rollOut(post, () => 5);
    await untilPhase(sandbox, 'Paused');
    await sandbox.always('both are there', async () => Object.keys(await podsByImage(sandbox)).length === 2, 3600);
    expect(await selected(sandbox)).toEqual({ active: 'new', preview: 'new' });
    answer(() => 1);
    await annotate(sandbox, 'approve', 'true');
    await untilPromoted(sandbox, 'app:2');
  });

  it('inconclusive: an abort turns back', async () => {
    const { sandbox } = await rollOut(post, () => 5);
    await untilPhase(sandbox, 'Paused');
    await annotate(sandbox, 'abort', 'true');
    await untilPhase(sandbox, 'Degraded');
    await sandbox.eventually('active is back', async () => (await selected(sandbox)).active === 'stable', 2);
  });

  it('a full promotion skips one that is inconclusive', async () => {
    const { sandbox } = await rollOut(post, () => 5);
    await untilPhase(sandbox, 'Paused');
    await annotate(sandbox, 'promote', 'full');
    await untilPromoted(sandbox, 'app:2');
  });

  it('taken out of the spec it decides nothing', async () => {
    const { sandbox, asked, answer } = await rollOut(post, () => undefined);
    await sandbox.eventually('it is asked', async () => asked.length > 0);
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { blueGreen: { postPromotionAnalysis: null } } } });
    answer(() => 0);
    await untilPromoted(sandbox, 'app:2');
  });

  it('a revert to pods inside of their delay is not measured', async () => {
    const { sandbox, asked, answer } = await rollOut({ ...pre, ...post, scaleDownDelaySeconds: 600 }, () => 1);
    await untilPromoted(sandbox, 'app:2');
    const before = asked.length;
    answer(() => 0);
    await sandbox.setImage('my-app', 'web', 'app:1');
    await untilPromoted(sandbox, 'app:1');
    expect(asked).toHaveLength(before);
  });

  it('health checks bake with the old pods untouched', async () => {
    let value = 1;
    const { sandbox } = await rollOut({ scaleDownDelaySeconds: 5 }, () => value, {
      bakeSeconds: 120,
      healthChecks: [{ name: 'h', successCondition: 'result == 1', ...prometheus('h') }],
    });
    await untilMessage(sandbox, /running health checks until/);
    await sandbox.always('both are there', async () => Object.keys(await podsByImage(sandbox)).length === 2, 60);
    value = 0;
    await untilPhase(sandbox, 'Degraded', 60);
    expect(await abortOf(sandbox)).toMatchObject({ reason: 'HealthCheckFailed' });
    await sandbox.eventually('active is back', async () => (await selected(sandbox)).active === 'stable', 1);
  });
});

it('the first deployment and a third template are measured as they should be', async () => {
  const { sandbox, asked } = await rollOut({ ...pre, ...post }, () => 1);
  expect(asked).toEqual([]);
  await untilMessage(sandbox, /postPromotion/);
  await sandbox.setImage('my-app', 'web', 'app:3');
  await untilPromoted(sandbox, 'app:3');
  const { updatedRevision } = await rolloutOf(sandbox);
  const last = asked.filter(({ revision }) => revision === updatedRevision).map(({ metric }) => metric);
  expect(last).toEqual(['pre', 'pre', 'pre', 'post', 'post', 'post']);
  expect((await runsOf(sandbox)).every(({ revision, past }) => past || revision === updatedRevision)).toBe(true);
  await sandbox.apply(stormService({ replicas: 3, rolloutStrategy: { blueGreen: {} } }, 'app:3'));
  await untilPhase(sandbox, 'Healthy');
});
