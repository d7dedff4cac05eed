import { describe, expect, it } from 'vitest';
import type { ApplyStrategy } from '../../src/metacontroller/hook.js';
import { STORM_SERVICE } from '../../src/sandbox/cluster/kinds.js';
import { watchPromises } from './promises.js';
import {
  annotate,
  BASIC_STEPS,
  healthy,
  podsByImage,
  rolloutOf,
  statusOf,
  stormService,
  untilMessage,
  untilPhase,
  untilStep,
  type world,
} from './world.js';

/** A canary at rest, and what it promises. */
async function canary(
  fields: object = { steps: BASIC_STEPS },
  more: object = {},
  options: Parameters<typeof world>[0] = {},
) {
  const sandbox = await healthy({ replicas: 10, rolloutStrategy: { canary: fields }, ...more }, options);
  return { sandbox, promises: watchPromises(sandbox) };
}

describe.each<ApplyStrategy>(['dynamic-apply', 'server-side-apply'])('the basic canary with %s', applyStrategy => {
  it('takes 10 pods through 10 %, a gate, 50 %, 30 s and 100 %', async () => {
    const { sandbox, promises } = await canary({ steps: BASIC_STEPS }, {}, { applyStrategy });
    const { stableRevision: first } = await rolloutOf(sandbox);
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    const { updatedRevision: second } = await rolloutOf(sandbox);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 9, 'app:2': 1 });
    await sandbox.always(
      'the gate holds',
      async () => (await rolloutOf(sandbox)).phase === 'Paused' && (await podsByImage(sandbox))['app:2'] === 1,
      24 * 3600,
    );
    expect(await rolloutOf(sandbox)).toMatchObject({
      step: '2/5 pause until approved',
      currentStepIndex: 1,
      canaryWeight: 10,
      stableRevision: first,
      pause: { reason: 'PauseUntilApproval' },
    });
    await annotate(sandbox, 'approve', 'true');
    await untilStep(sandbox, 3);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:2': 5 });
    const started = sandbox.clock.now();
    await untilPhase(sandbox, 'Progressing', 60);
    expect(sandbox.clock.now() - started).toBeGreaterThanOrEqual(30_000);
    expect(sandbox.clock.now() - started).toBeLessThan(32_500);
    await untilPhase(sandbox, 'Healthy');
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 10 });
    expect(await rolloutOf(sandbox)).toMatchObject({
      stableRevision: second,
      updatedRevision: second,
      step: '5/5 done',
    });
    expect(promises.broken).toEqual([]);
  });
});

describe('pauses', () => {
  it.each<[string, unknown]>([
    ['true', true],
    ['{}', {}],
    ['untilApproval', { untilApproval: true }],
  ])('%s waits until approved', async (_, pause) => {
    const { sandbox, promises } = await canary({ steps: [{ setWeight: 20 }, { pause }] });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    await sandbox.advance(3600);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 8, 'app:2': 2 });
    await annotate(sandbox, 'approve', 'yes');
    await untilPhase(sandbox, 'Healthy');
    expect(promises.broken).toEqual([]);
  });

  it.each<[unknown, number]>([
    [30, 30],
    ['45', 45],
    ['90s', 90],
    ['1h', 3600],
    ['1m30s', 90],
  ])('duration %s ends by itself', async (duration, seconds) => {
    const { sandbox } = await canary({ steps: [{ setWeight: 20 }, { pause: { duration } }] });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    const began = sandbox.clock.now();
    const { pause } = await rolloutOf(sandbox);
    expect(pause).toMatchObject({ reason: 'PauseDuration', until: expect.any(String) });
    await untilPhase(sandbox, 'Progressing', seconds + 60);
    const lasted = (sandbox.clock.now() - began) / 1000;
    expect(lasted).toBeGreaterThanOrEqual(seconds);
    expect(lasted).toBeLessThan(seconds + 3);
    await untilPhase(sandbox, 'Healthy');
  });

  it('a duration is passed early by an approval', async () => {
    const { sandbox } = await canary({ steps: [{ setWeight: 20 }, { pause: { duration: '10h' } }] });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
  });

  it('before the first weight no pod of the new revision runs', async () => {
    const { sandbox } = await canary({ steps: [{ pause: true }, { setWeight: 20 }, { pause: true }] });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10 });
  });

  it('two in a row need two approvals', async () => {
    const { sandbox, promises } = await canary({ steps: [{ setWeight: 20 }, { pause: true }, { pause: true }] });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    await annotate(sandbox, 'approve', 'first');
    await untilStep(sandbox, 2);
    await sandbox.advance(600);
    expect(await rolloutOf(sandbox)).toMatchObject({ currentStepIndex: 2, phase: 'Paused' });
    await annotate(sandbox, 'approve', 'second');
    await untilPhase(sandbox, 'Healthy');
    expect(promises.broken).toEqual([]);
  });
});

describe('on the way', () => {
  it('no steps go straight to all pods, within the surge and with what may be unavailable', async () => {
    const { sandbox, promises } = await canary({});
    await sandbox.setImage('my-app', 'web', 'app:2');
    await sandbox.advance(0.5);
    await untilPhase(sandbox, 'Healthy');
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 10 });
    expect(promises.broken).toEqual([]);
  });

  it.each([
    { maxSurge: 1, maxUnavailable: 0 },
    { maxSurge: 0, maxUnavailable: 1 },
    { maxSurge: '100%', maxUnavailable: 0 },
    { maxSurge: 0, maxUnavailable: '100%' },
    { maxSurge: '1%', maxUnavailable: '1%' },
    { maxSurge: 5, maxUnavailable: 5 },
  ])('surge $maxSurge and unavailable $maxUnavailable', async bounds => {
    for (const replicas of [1, 2, 7]) {
      const steps = [{ setWeight: 30 }, { pause: { duration: 5 } }, { setWeight: 60 }];
      const { sandbox, promises } = await canary({ ...bounds, steps }, { replicas });
      await sandbox.setImage('my-app', 'web', 'app:2');
      await sandbox.advance(0.5);
      await untilPhase(sandbox, 'Healthy');
      expect(await podsByImage(sandbox)).toEqual({ 'app:2': replicas });
      expect(promises.broken).toEqual([]);
    }
  });

  it('grows and shrinks with spec.replicas at the gate, in the proportion of the weight', async () => {
    const { sandbox, promises } = await canary({ steps: [{ setWeight: 50 }, { pause: true }] });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    for (const replicas of [40, 4, 0, 20]) {
      await sandbox.scale('my-app', replicas);
      await sandbox.advance(60);
      const half = replicas / 2;
      expect(await podsByImage(sandbox)).toEqual(half === 0 ? {} : { 'app:1': half, 'app:2': half });
      expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 1 });
    }
    expect(promises.broken).toEqual([]);
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 20 });
    expect(promises.broken).toEqual([]);
  });

  it('a third revision starts from the beginning and the one between goes', async () => {
    const { sandbox, promises } = await canary({ steps: [{ setWeight: 50 }, { pause: true }, { setWeight: 80 }] });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    await sandbox.setImage('my-app', 'web', 'app:3');
    await untilMessage(sandbox, /waiting for canary|to shrink/);
    await untilPhase(sandbox, 'Paused');
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:3': 5 });
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    expect(await podsByImage(sandbox)).toEqual({ 'app:3': 10 });
    expect(promises.broken).toEqual([]);
  });

  it('a third revision replaces one whose pods never get ready', async () => {
    const { sandbox, promises } = await canary({ maxSurge: 0, maxUnavailable: 3, steps: [{ setWeight: 50 }] });
    await sandbox.setImage('my-app', 'web', 'app:bad');
    await sandbox.advance(60);
    expect(await rolloutOf(sandbox)).toMatchObject({ message: 'waiting for canary: 0 of 5 pods available' });
    await sandbox.setImage('my-app', 'web', 'app:3');
    await sandbox.advance(0.5);
    await untilPhase(sandbox, 'Healthy');
    expect(await podsByImage(sandbox)).toEqual({ 'app:3': 10 });
    expect(promises.broken).toEqual([]);
  });

  it('the template back at stable’s is done without steps once its pods are available', async () => {
    const { sandbox, promises } = await canary({ steps: [{ setWeight: 50 }, { pause: true }, { setWeight: 80 }] });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    await sandbox.setImage('my-app', 'web', 'app:1');
    await sandbox.advance(0.5);
    await untilPhase(sandbox, 'Healthy', 30);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10 });
    expect(promises.broken).toEqual([]);
  });

  it('other steps send it back to the first one, and what is too much goes at once', async () => {
    const { sandbox, promises } = await canary({
      steps: [{ setWeight: 10 }, { pause: true }, { setWeight: 60 }, { pause: true }],
    });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    await annotate(sandbox, 'approve', 'true');
    await untilStep(sandbox, 3);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4, 'app:2': 6 });
    const steps = [{ setWeight: 20 }, { pause: true }, { setWeight: 90 }];
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: { steps } } } });
    await sandbox.advance(30);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', step: '2/3 pause until approved' });
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 8, 'app:2': 2 });
    await annotate(sandbox, 'approve', 'again');
    await untilPhase(sandbox, 'Healthy');
    expect(promises.broken.filter(breach => !breach.startsWith('P1'))).toEqual([]);
  });

  it('a pod that is ready counts only after minReadySeconds', async () => {
    const { sandbox, promises } = await canary(
      { steps: [{ setWeight: 10 }, { pause: true }] },
      { minReadySeconds: 60 },
    );
    await sandbox.setImage('my-app', 'web', 'app:2');
    await sandbox.advance(40);
    expect(await rolloutOf(sandbox)).toMatchObject({
      phase: 'Progressing',
      message: 'waiting for canary: 0 of 1 pods available',
    });
    expect(await statusOf(sandbox)).toMatchObject({ readyReplicas: 10, availableReplicas: 9 });
    await untilPhase(sandbox, 'Paused');
    expect(promises.broken).toEqual([]);
  });

  it('a canary whose pods never get ready stays where it is and stable carries the service', async () => {
    const { sandbox, promises } = await canary();
    await sandbox.setImage('my-app', 'web', 'app:bad');
    await sandbox.advance(24 * 3600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded', currentStepIndex: 0 });
    expect((await sandbox.endpoints('my-app')).length).toBeGreaterThanOrEqual(8);
    expect(promises.broken).toEqual([]);
  });

  it('pods of the canary that die at the gate do not open it', async () => {
    const { sandbox, promises } = await canary({ steps: [{ setWeight: 50 }, { pause: true }] });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    for (const pod of sandbox.kubelet.list('default'))
      if (JSON.stringify(pod.spec).includes('app:2')) sandbox.kubelet.break(pod);
    await sandbox.advance(600);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:2': 5 });
    await annotate(sandbox, 'approve', 'true');
    await sandbox.advance(600);
    expect((await rolloutOf(sandbox)).message).toMatch(/waiting for canary: \d of 10 pods available/);
    expect(promises.broken).toEqual([]);
  });

  it('a template changed before the first revision was ever available is simply taken', async () => {
    const sandbox = await healthy({ replicas: 1, rolloutStrategy: { canary: { steps: BASIC_STEPS } } });
    await sandbox.delete(STORM_SERVICE, 'my-app');
    await sandbox.advance(10);
    await sandbox.apply(stormService({ replicas: 4, rolloutStrategy: { canary: { steps: BASIC_STEPS } } }, 'app:bad'));
    await sandbox.advance(60);
    expect(await rolloutOf(sandbox)).toMatchObject({ message: 'waiting for pods: 0 of 4 pods available' });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await sandbox.advance(0.5);
    await untilPhase(sandbox, 'Healthy');
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 4 });
  });
});
