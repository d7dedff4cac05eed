/** Analysis beside the steps, and health checks: what watches all through a rollout. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/metacontroller/object.js';
import { REVISION_LABEL } from '../../../src/names.js';
import { CORE_CHILDREN, type Sandbox } from '../../../src/sandbox/sandbox.js';
import {
  annotate,
  handledOf,
  podsByImage,
  rolloutOf,
  statusOf,
  untilMessage,
  untilPhase,
  untilStep,
} from '../world.js';
import {
  type Answers,
  abortOf,
  type Measured,
  type MeasuredOptions,
  measuredHealthy,
  metric,
  prometheus,
  runsOf,
  untilPromoted,
} from './measured.js';

async function rollOut(strategy: JsonObject, answers: Answers, options: MeasuredOptions = {}): Promise<Measured> {
  const world = await measuredHealthy({ replicas: 5, rolloutStrategy: strategy }, answers, options);
  await world.sandbox.setImage('my-app', 'web', 'app:2');
  return world;
}

/** Revisions that the stable Service sends requests to. */
async function served(sandbox: Sandbox): Promise<readonly string[]> {
  const pods = await sandbox.endpoints('my-app-stable');
  return [...new Set(pods.map(({ labels }) => labels[REVISION_LABEL] ?? ''))];
}

const endless = (name: string, more: JsonObject = {}): JsonObject => metric(name, { interval: '10s', ...more });
const check = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  successCondition: 'result == 1',
  ...prometheus(name),
  ...more,
});
const STEPS = [{ setWeight: 20 }, { pause: { duration: '60s' } }, { setWeight: 60 }, { pause: { duration: '60s' } }];

describe('background analysis', () => {
  const background = (more: JsonObject = {}): JsonObject => ({
    canary: { steps: STEPS, analysis: { metrics: [endless('b')], ...more } },
  });

  it('measures from its step to the end, and then no more', async () => {
    const { sandbox, asked } = await rollOut(background({ startingStep: 2 }), () => 1);
    await untilStep(sandbox, 1);
    await sandbox.advance(50);
    expect(asked).toEqual([]);
    await untilPromoted(sandbox, 'app:2');
    expect(asked.length).toBeGreaterThanOrEqual(6);
    expect(asked.length).toBeLessThanOrEqual(9);
    await sandbox.advance(3600);
    expect(asked.length).toBeLessThanOrEqual(9);
    expect(await runsOf(sandbox)).toMatchObject([{ kind: 'background', phase: 'Successful', past: true }]);
  });

  it('takes the rollout back in the middle of a pause', async () => {
    let at = Number.POSITIVE_INFINITY;
    const { sandbox } = await rollOut(background({ startingStep: 1 }), ({ now }) => (now >= at ? 0 : 1));
    await untilStep(sandbox, 3);
    at = sandbox.clock.now() + 20_000;
    await untilPhase(sandbox, 'Degraded', 40);
    expect(sandbox.clock.now() - at).toBeLessThan(11_000);
    expect(await abortOf(sandbox)).toMatchObject({ reason: 'AnalysisFailed' });
    await sandbox.advance(60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5 });
  });

  it('undecided: holds the pause, and its steps after it, until a person lets it pass; then it measures again', async () => {
    let value = 1;
    const { sandbox, asked } = await rollOut(background(), () => value);
    await untilStep(sandbox, 1);
    value = 5;
    await untilPhase(sandbox, 'Paused');
    await untilMessage(sandbox, /undecided/);
    await sandbox.always('one pod', async () => (await podsByImage(sandbox))['app:2'] === 1, 3600);
    const before = asked.length;
    value = 1;
    await annotate(sandbox, 'approve', 'true');
    await untilPromoted(sandbox, 'app:2');
    expect(asked.length).toBeGreaterThan(before + 3);
    await sandbox.advance(1);
    expect((await runsOf(sandbox)).map(({ phase }) => phase)).toEqual(['Inconclusive', 'Successful']);
  });

  it('undecided at a gate: one approval for each of them, and none for another step', async () => {
    const steps = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }];
    const { sandbox, answer } = await rollOut({ canary: { steps, analysis: { metrics: [endless('b')] } } }, () => 1);
    await untilMessage(sandbox, /waiting for approval/);
    const { updatedRevision } = await rolloutOf(sandbox);
    answer(() => 5);
    await untilMessage(sandbox, /undecided/);
    await annotate(sandbox, 'approve', `${updatedRevision}:7`);
    await sandbox.advance(5);
    expect(await handledOf(sandbox, 'approve')).toMatchObject({
      effect: `passed nothing: ${updatedRevision}:1 is waiting, not ${updatedRevision}:7`,
    });
    answer(() => 1);
    await annotate(sandbox, 'approve', `${updatedRevision}:1`);
    await untilMessage(sandbox, /waiting for approval/);
    await sandbox.always('the gate holds', async () => (await rolloutOf(sandbox)).currentStepIndex === 1, 600);
    await annotate(sandbox, 'approve', 'now');
    await untilPromoted(sandbox, 'app:2');
  });

  it('undecided while the last pods come: no more of them come', async () => {
    let value = 1;
    const { sandbox } = await rollOut(
      {
        canary: {
          steps: [{ setWeight: 20 }],
          maxSurge: 1,
          maxUnavailable: 0,
          analysis: { metrics: [endless('b', { interval: '1s' })] },
        },
      },
      () => value,
    );
    await sandbox.eventually('two pods', async () => (await podsByImage(sandbox))['app:2'] === 2);
    value = 5;
    await untilPhase(sandbox, 'Paused');
    const before = (await podsByImage(sandbox))['app:2']!;
    expect(before).toBeLessThan(5);
    await sandbox.always('as many', async () => (await podsByImage(sandbox))['app:2'] === before, 600);
    value = 1;
    await annotate(sandbox, 'approve', 'true');
    await untilPromoted(sandbox, 'app:2');
  });

  it('taken out of the spec it decides nothing any more', async () => {
    for (const value of [5, undefined]) {
      const { sandbox, asked, answer } = await rollOut(background(), () => value);
      await sandbox.eventually('it is asked', async () => asked.length > 0);
      if (value !== undefined) await untilPhase(sandbox, 'Paused');
      await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: { analysis: null } } } });
      answer(() => 0);
      await untilPromoted(sandbox, 'app:2');
      expect(asked).toHaveLength(1);
    }
  });

  it('without any measurement yet the steps go on; nothing is waited for', async () => {
    const { sandbox } = await rollOut(background(), () => undefined);
    await untilPromoted(sandbox, 'app:2');
  });

  it.each<[string, JsonObject, MeasuredOptions]>([
    ['without traffic routing', {}, {}],
    [
      'with traffic routing',
      { trafficRouting: { smi: {} } },
      { childKinds: [...CORE_CHILDREN, { kind: 'TrafficSplit.split.smi-spec.io/v1alpha1', method: 'InPlace' }] },
    ],
  ])('a rollback inside of rollbackWindow needs no proof %s', async (_, fields, options) => {
    const { sandbox, asked, answer } = await rollOut(
      {
        canary: {
          ...fields,
          steps: [{ setWeight: 20 }, { analysis: { metrics: [metric('m')] } }, { pause: {} }],
          analysis: { metrics: [endless('b')] },
          rollbackWindow: { revisions: 2 },
        },
      },
      () => 1,
      options,
    );
    await untilPhase(sandbox, 'Paused');
    await annotate(sandbox, 'approve', 'true');
    await untilPromoted(sandbox, 'app:2');
    const before = asked.length;
    answer(() => 0);
    await sandbox.setImage('my-app', 'web', 'app:1');
    await untilPromoted(sandbox, 'app:1');
    expect(asked).toHaveLength(before);
  });
});

describe('health checks', () => {
  const checked = (more: JsonObject = {}, canary: JsonObject = { steps: STEPS }): JsonObject => ({
    canary,
    autoRollback: { healthChecks: [check('h', { failureThreshold: 3 })], ...more },
  });

  it('begin with the first pod of the new revision, and end with the rollout', async () => {
    const { sandbox, asked } = await rollOut(checked(), () => 1);
    const setAt = sandbox.clock.now();
    await untilPromoted(sandbox, 'app:2');
    const ended = sandbox.clock.now();
    expect(asked[0]!.now - setAt).toBeGreaterThanOrEqual(2000);
    expect(asked[0]!.now - setAt).toBeLessThan(4000);
    await sandbox.advance(600);
    expect(asked.at(-1)!.now).toBeLessThanOrEqual(ended + 1000);
  });

  it('fail with failureThreshold in a row, and not before', async () => {
    const script = [0, 0, 1, 0, 0, 0];
    let next = 0;
    const { sandbox, asked } = await rollOut(checked(), () => script[next++]);
    await untilPhase(sandbox, 'Degraded');
    expect(asked).toHaveLength(6);
    expect(await abortOf(sandbox)).toMatchObject({
      reason: 'HealthCheckFailed',
      message: 'metric "h" Failed: 3 failures in a row, last value 0',
    });
    await sandbox.advance(60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5 });
    expect(asked).toHaveLength(6);
  });

  it('go on for bakeSeconds: what fails then is taken back to stable', async () => {
    let value = 1;
    const { sandbox, asked } = await rollOut(checked({ bakeSeconds: 120 }, { steps: [] }), () => value);
    await untilMessage(sandbox, /watching the health checks until/);
    const { updatedRevision, stableRevision } = await rolloutOf(sandbox);
    expect(stableRevision).not.toBe(updatedRevision);
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 5 });
    await sandbox.advance(60);
    value = 0;
    await untilPhase(sandbox, 'Degraded', 60);
    expect(asked.length).toBeGreaterThan(6);
    await sandbox.advance(60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5 });
  });

  it('end with bakeSeconds', async () => {
    const { sandbox, asked } = await rollOut(checked({ bakeSeconds: 120 }, { steps: [] }), () => 1);
    await untilMessage(sandbox, /watching the health checks until/);
    const began = sandbox.clock.now();
    await untilPromoted(sandbox, 'app:2');
    expect(sandbox.clock.now() - began).toBeGreaterThanOrEqual(119_000);
    expect(sandbox.clock.now() - began).toBeLessThan(123_000);
    const before = asked.length;
    await sandbox.advance(600);
    expect(asked.length).toBeLessThanOrEqual(before + 1);
  });

  it('with traffic routing bake while the old pods are there, which carry the rollback at once', async () => {
    let value = 1;
    const { sandbox } = await rollOut(
      checked(
        { bakeSeconds: 120 },
        { steps: [{ setWeight: 50 }], trafficRouting: { smi: {} }, scaleDownDelaySeconds: 5 },
      ),
      () => value,
      { childKinds: [...CORE_CHILDREN, { kind: 'TrafficSplit.split.smi-spec.io/v1alpha1', method: 'InPlace' }] },
    );
    await untilMessage(sandbox, /watching the health checks until/);
    await sandbox.always('the old pods', async () => (await podsByImage(sandbox))['app:1'] === 5, 60);
    const { stableRevision: old, updatedRevision } = await rolloutOf(sandbox);
    expect(await served(sandbox)).toEqual([updatedRevision]);
    value = 0;
    await untilPhase(sandbox, 'Degraded', 60);
    await sandbox.eventually('traffic is back', async () => String(await served(sandbox)) === old, 1);
  });

  it('with stable following the traffic, bake brings no old pods back', async () => {
    const { sandbox } = await rollOut(
      checked(
        { bakeSeconds: 60 },
        { steps: [{ setWeight: 50 }, { setWeight: 100 }], trafficRouting: { smi: {} }, dynamicStableScale: true },
      ),
      () => 1,
      { childKinds: [...CORE_CHILDREN, { kind: 'TrafficSplit.split.smi-spec.io/v1alpha1', method: 'InPlace' }] },
    );
    await untilMessage(sandbox, /watching the health checks until/);
    const { 'app:1': old = 0 } = await podsByImage(sandbox);
    expect(old).toBeLessThan(5);
    await sandbox.always('no more of them', async () => ((await podsByImage(sandbox))['app:1'] ?? 0) <= old, 50);
    await untilPromoted(sandbox, 'app:2');
  });

  it('still act after a full promotion', async () => {
    let value = 1;
    const { sandbox } = await rollOut(checked({ bakeSeconds: 60 }), () => value);
    await untilStep(sandbox, 1);
    value = 0;
    await annotate(sandbox, 'promote', 'full');
    await untilPhase(sandbox, 'Degraded');
    expect(await abortOf(sandbox)).toMatchObject({ reason: 'HealthCheckFailed' });
  });

  it('that may not act wait for a person', async () => {
    let value = 0;
    const { sandbox } = await rollOut(checked({ onFailure: { healthCheckFailure: false } }), () => value);
    await untilPhase(sandbox, 'Paused');
    await untilMessage(sandbox, /3 failures in a row/);
    value = 1;
    await annotate(sandbox, 'approve', 'true');
    await untilPromoted(sandbox, 'app:2');
  });

  it('are not made when autoRollback is disabled, and decide nothing once it is', async () => {
    const disabled = await rollOut(checked({ enabled: false }), () => 0);
    await untilPromoted(disabled.sandbox, 'app:2');
    expect(disabled.asked).toEqual([]);
    const { sandbox, asked } = await rollOut(checked(), () => 0);
    await sandbox.eventually('two failures', async () => asked.length === 2);
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { autoRollback: { enabled: false } } } });
    await untilPromoted(sandbox, 'app:2');
    expect(asked).toHaveLength(2);
  });
});

describe('errorThreshold', () => {
  const of = (errorThreshold: number | string): JsonObject => ({
    canary: {
      steps: STEPS,
      analysis: { metrics: [endless('b', { failureLimit: 1000, consecutiveErrorLimit: 1000 })] },
    },
    autoRollback: { onFailure: { errorThreshold } },
  });

  it('a number is exceeded by one more, failures and errors counted alike', async () => {
    const script = [0, 1, new Error('down'), 1, 0, 1];
    let next = 0;
    const { sandbox, asked } = await rollOut(of(2), () => script[next++]);
    await untilPhase(sandbox, 'Degraded');
    expect(asked).toHaveLength(5);
    expect(await abortOf(sandbox)).toMatchObject({
      reason: 'ErrorThresholdExceeded',
      message: '3 of 5 measurements failed or erred, errorThreshold is 2; of metric "b" the last was 0',
    });
  });

  it('a share counts from the tenth measurement on', async () => {
    let next = 0;
    const { sandbox, asked } = await rollOut(of('20%'), () => (next++ < 3 ? 0 : 1));
    await untilPhase(sandbox, 'Degraded');
    expect(asked).toHaveLength(10);
    expect((await rolloutOf(sandbox)).message).toContain('3 of 10 measurements');
  });

  it('begins at none with a retry', async () => {
    let value = 0;
    const { sandbox } = await rollOut(of(2), () => value);
    await untilPhase(sandbox, 'Degraded');
    value = 1;
    await annotate(sandbox, 'retry', 'true');
    await untilPromoted(sandbox, 'app:2');
  });
});

describe('onTimeout', () => {
  const timed = (onTimeout: string, steps: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({
    canary: { steps, ...more },
    autoRollback: { onTimeout },
  });

  it('takes back what takes longer, in time, in the middle of a timed pause', async () => {
    const { sandbox } = await rollOut(timed('90s', [{ setWeight: 20 }, { pause: { duration: '1h' } }]), () => 1);
    const began = sandbox.clock.now();
    await untilPhase(sandbox, 'Degraded', 100);
    expect(sandbox.clock.now() - began).toBeGreaterThanOrEqual(90_000);
    expect(await abortOf(sandbox)).toMatchObject({ reason: 'RolloutTimeout' });
  });

  it.each(['approve', 'promote'])('time at a gate does not count, whether it is passed by %s', async annotation => {
    const { sandbox } = await rollOut(
      timed('120s', [{ setWeight: 20 }, { pause: {} }, { pause: true }, { pause: { duration: '90s' } }]),
      () => 1,
    );
    await untilPhase(sandbox, 'Paused');
    await sandbox.always('it waits', async () => (await rolloutOf(sandbox)).phase === 'Paused', 7200);
    if (annotation === 'promote') {
      await annotate(sandbox, 'promote', 'full');
    } else {
      await annotate(sandbox, 'approve', 'one');
      await sandbox.always('it waits', async () => (await rolloutOf(sandbox)).phase === 'Paused', 7200);
      await annotate(sandbox, 'approve', 'two');
    }
    await untilPromoted(sandbox, 'app:2');
  });

  it.each(['approve', 'promote'])('nor does an undecided analysis, when %s ends it', async annotation => {
    const { sandbox } = await rollOut(
      timed('120s', [{ setWeight: 20 }, { analysis: { metrics: [metric('m')] } }]),
      () => 5,
    );
    await untilPhase(sandbox, 'Paused');
    await sandbox.always('it waits', async () => (await rolloutOf(sandbox)).phase === 'Paused', 7200);
    await annotate(sandbox, annotation, 'full');
    await untilPromoted(sandbox, 'app:2');
  });

  it('nor does a hold', async () => {
    const { sandbox } = await rollOut(timed('120s', [{ setWeight: 20 }, { pause: { duration: '30s' } }]), () => 1);
    await annotate(sandbox, 'pause', 'true');
    await untilMessage(sandbox, /held by/);
    await sandbox.always('it is held', async () => (await rolloutOf(sandbox)).phase === 'Paused', 7200);
    await annotate(sandbox, 'pause', null);
    await untilPromoted(sandbox, 'app:2');
  });

  it('a hold over an undecided analysis writes nothing by itself', async () => {
    const { sandbox } = await rollOut(
      timed('120s', [{ setWeight: 20 }, { analysis: { metrics: [metric('m')] } }]),
      () => 5,
    );
    await untilPhase(sandbox, 'Paused');
    await annotate(sandbox, 'pause', 'true');
    await untilMessage(sandbox, /held by/);
    const before = JSON.stringify(await statusOf(sandbox));
    for (let minute = 0; minute < 30; minute++) {
      await sandbox.patch('my-app', { metadata: { labels: { minute: String(minute) } } });
      await sandbox.advance(60);
    }
    expect(JSON.stringify(await statusOf(sandbox))).toBe(before);
    await annotate(sandbox, 'pause', null);
    await untilMessage(sandbox, /undecided/);
    await annotate(sandbox, 'approve', 'true');
    await untilPromoted(sandbox, 'app:2');
  });

  it('counts an analysis that takes its time', async () => {
    const { sandbox } = await rollOut(
      timed('120s', [{ analysis: { metrics: [metric('m', { interval: '10s', count: 60 })] } }]),
      () => 1,
    );
    await untilPhase(sandbox, 'Degraded', 125);
    expect(await abortOf(sandbox)).toMatchObject({ reason: 'RolloutTimeout' });
  });
});
