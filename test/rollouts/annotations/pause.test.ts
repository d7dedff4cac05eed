import { describe, expect, it } from 'vitest';
import { annotate, handledOf, healthy, podsByImage, rolloutOf, untilPhase, untilStep } from '../world.js';
import { atGate, GATED_STEPS } from './atGate.js';

describe('rollout-pause', () => {
  it('set before the template keeps every pod of the new revision back', async () => {
    const sandbox = await healthy({ replicas: 10, rolloutStrategy: { canary: { steps: GATED_STEPS } } });
    await annotate(sandbox, 'pause', 'true');
    await sandbox.setImage('my-app', 'web', 'app:2');
    await sandbox.advance(600);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10 });
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', pause: { reason: 'RolloutPauseAnnotation' } });
    await annotate(sandbox, 'pause', 'false');
    await untilStep(sandbox, 1);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 8, 'app:2': 2 });
  });

  it.each([{}, { rollingUpdate: { maxSurge: 2 } }, { blueGreen: {} }])('holds %j', async rolloutStrategy => {
    const sandbox = await healthy({ replicas: 4, rolloutStrategy });
    await annotate(sandbox, 'pause', 'true');
    await sandbox.setImage('my-app', 'web', 'app:2');
    await sandbox.advance(600);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4 });
    await annotate(sandbox, 'pause', null);
    await sandbox.advance(1);
    await untilPhase(sandbox, 'Healthy');
    expect((await podsByImage(sandbox))['app:2']).toBe(4);
  });

  it('holds at once, keeps what runs alive, and goes on where it was', async () => {
    const { sandbox, promises } = await atGate({ steps: [{ setWeight: 20 }, { pause: true }, { setWeight: 80 }] });
    await annotate(sandbox, 'approve', 'true');
    await sandbox.advance(0.1);
    await annotate(sandbox, 'pause', 'true');
    await sandbox.advance(1);
    const held = await podsByImage(sandbox);
    const [pod] = await sandbox.pods();
    sandbox.kubelet.end(sandbox.kubelet.list('default').find(({ name }) => name === pod?.name)!);
    await sandbox.always('nothing moves', async () => (await podsByImage(sandbox))['app:2'] === held['app:2'], 3600);
    expect((await sandbox.pods()).length).toBeGreaterThanOrEqual(10);
    await annotate(sandbox, 'pause', null);
    await untilPhase(sandbox, 'Healthy');
    expect(promises.broken).toEqual([]);
  });

  it('its time is not counted in a duration', async () => {
    const { sandbox } = await atGate({ steps: [{ setWeight: 20 }, { pause: { duration: '60s' } }] });
    await sandbox.advance(20);
    await annotate(sandbox, 'pause', 'true');
    await sandbox.advance(3600);
    expect(await rolloutOf(sandbox)).toMatchObject({ currentStepIndex: 1 });
    await annotate(sandbox, 'pause', null);
    await sandbox.advance(35);
    expect(await rolloutOf(sandbox)).toMatchObject({ currentStepIndex: 1, pause: { reason: 'PauseDuration' } });
    await sandbox.advance(10);
    await untilPhase(sandbox, 'Healthy');
  });

  it('rebuilds a canary whose ReplicaSet somebody deleted, and no more', async () => {
    const { sandbox } = await atGate();
    await annotate(sandbox, 'pause', 'true');
    await sandbox.advance(5);
    const { updatedRevision } = await rolloutOf(sandbox);
    await sandbox.delete('ReplicaSet.apps/v1', `my-app-${updatedRevision}`);
    await sandbox.advance(60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 8, 'app:2': 2 });
  });

  it('scales what runs with spec.replicas but gives the new revision nothing', async () => {
    const { sandbox } = await atGate();
    await annotate(sandbox, 'pause', 'true');
    await sandbox.scale('my-app', 20);
    await sandbox.advance(60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 18, 'app:2': 2 });
    await sandbox.scale('my-app', 5);
    await sandbox.advance(60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4, 'app:2': 1 });
  });

  it('an abort gets through it', async () => {
    const { sandbox } = await atGate();
    await annotate(sandbox, 'pause', 'true');
    await sandbox.advance(5);
    await annotate(sandbox, 'abort', 'true');
    await untilPhase(sandbox, 'Degraded');
    await sandbox.advance(60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10 });
  });

  it('spec.paused holds likewise and is not cleared by an approval', async () => {
    const { sandbox, promises } = await atGate();
    await sandbox.patch('my-app', { spec: { paused: true } });
    await sandbox.advance(5);
    await annotate(sandbox, 'approve', 'true');
    await sandbox.advance(600);
    expect(await handledOf(sandbox, 'approve')).toMatchObject({
      effect: 'ignored: spec.paused holds the rollout',
    });
    expect(await rolloutOf(sandbox)).toMatchObject({
      currentStepIndex: 1,
      message: 'held by spec.paused; set it to false to resume',
      pause: { reason: 'SpecPaused' },
    });
    await sandbox.patch('my-app', { spec: { paused: false } });
    await sandbox.advance(5);
    expect(await rolloutOf(sandbox)).toMatchObject({ currentStepIndex: 1 });
    await annotate(sandbox, 'approve', 'now');
    await untilStep(sandbox, 3);
    expect(promises.broken).toEqual([]);
  });

  it('neither holds a first deployment', async () => {
    const sandbox = await healthy({ replicas: 2, paused: true });
    await annotate(sandbox, 'pause', 'true');
    await sandbox.scale('my-app', 4);
    await sandbox.advance(30);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4 });
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Healthy' });
  });
});
