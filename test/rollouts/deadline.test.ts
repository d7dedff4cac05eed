import { describe, expect, it } from 'vitest';
import type { PodFate } from '../../src/sandbox/cluster/pod.js';
import { watchPromises } from './promises.js';
import {
  annotate,
  conditionOf,
  healthy,
  podsByImage,
  rolloutOf,
  stormService,
  untilPhase,
  untilStep,
  world,
} from './world.js';

const STEPS = [{ setWeight: 50 }, { pause: true }, { setWeight: 80 }];

async function stuck(more: object = {}, steps: readonly object[] = STEPS) {
  const sandbox = await healthy({
    replicas: 4,
    progressDeadlineSeconds: 100,
    rolloutStrategy: { canary: { steps } },
    ...more,
  });
  const promises = watchPromises(sandbox);
  await sandbox.setImage('my-app', 'web', 'app:bad');
  return { sandbox, promises };
}

describe('progressDeadlineSeconds', () => {
  it('makes a rollout that does not move Degraded, and lets it go on when it does', async () => {
    const { sandbox, promises } = await stuck();
    await sandbox.advance(95);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Progressing' });
    await sandbox.advance(10);
    expect(await rolloutOf(sandbox)).toMatchObject({
      phase: 'Degraded',
      message: 'no progress for 100 s; waiting for canary: 0 of 2 pods available',
    });
    expect(await conditionOf(sandbox, 'Progressing')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
    for (const pod of sandbox.kubelet.list('default')) sandbox.kubelet.heal(pod);
    await untilPhase(sandbox, 'Paused');
    expect(promises.broken).toEqual([]);
  });

  it('with progressDeadlineAbort rolls it back', async () => {
    const { sandbox, promises } = await stuck({ progressDeadlineAbort: true });
    await sandbox.advance(130);
    expect(await rolloutOf(sandbox)).toMatchObject({
      phase: 'Degraded',
      canaryWeight: 0,
      abort: { reason: 'ProgressDeadlineExceeded', message: 'no progress for 100 s' },
    });
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4 });
    await sandbox.advance(600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded' });
    expect(promises.broken).toEqual([]);
  });

  it('does not run at gates, in pauses or under a hold', async () => {
    const steps = [
      { setWeight: 50 },
      { pause: true },
      { setWeight: 60 },
      { pause: { duration: '1h' } },
      { setWeight: 80 },
    ];
    const sandbox = await healthy({
      replicas: 4,
      progressDeadlineSeconds: 100,
      progressDeadlineAbort: true,
      rolloutStrategy: { canary: { steps } },
    });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    await sandbox.always('the gate', async () => (await rolloutOf(sandbox)).phase === 'Paused', 5000);
    await annotate(sandbox, 'approve', 'true');
    await untilStep(sandbox, 3);
    await sandbox.always('the pause', async () => (await rolloutOf(sandbox)).phase === 'Paused', 3500);
    await annotate(sandbox, 'pause', 'true');
    await sandbox.advance(5000);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused' });
    await annotate(sandbox, 'pause', null);
    await sandbox.advance(5);
    await untilPhase(sandbox, 'Healthy');
  });

  it.each([true, false])(
    'is not moved on by pods that crash again and again, progressDeadlineAbort: %s',
    async abort => {
      let first: string | undefined;
      const crashing = (name: string): PodFate => {
        first ??= name;
        return name === first ? { fate: 'neverReady' } : { fate: 'crashLoop', startupSeconds: 2, upSeconds: 8 };
      };
      const sandbox = world({
        fates: ({ name, spec }) =>
          JSON.stringify(spec).includes('app:2') ? crashing(name) : { fate: 'healthy', startupSeconds: 2 },
      });
      const rolloutStrategy = { canary: { steps: STEPS } };
      const deadline = { progressDeadlineSeconds: 100, progressDeadlineAbort: abort };
      await sandbox.apply(stormService({ replicas: 4, ...deadline, rolloutStrategy }));
      await untilPhase(sandbox, 'Healthy');
      await sandbox.setImage('my-app', 'web', 'app:2');
      await sandbox.advance(100);
      expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Progressing' });
      await sandbox.advance(10);
      const { phase, message } = await rolloutOf(sandbox);
      expect(phase).toBe('Degraded');
      expect(message).toMatch(
        abort ? /^rolled back: no progress for 100 s/ : /^no progress for 100 s; waiting for canary/,
      );
    },
  );

  it('held time is not counted', async () => {
    const { sandbox } = await stuck();
    await sandbox.advance(60);
    await annotate(sandbox, 'pause', 'true');
    await sandbox.advance(1000);
    await annotate(sandbox, 'pause', null);
    await sandbox.advance(30);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Progressing' });
    await sandbox.advance(100);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded' });
  });

  it('counts from every pod that comes', async () => {
    const sandbox = world({
      fates: pod => ({ fate: 'healthy', startupSeconds: JSON.stringify(pod.spec).includes('app:2') ? 80 : 1 }),
    });
    await sandbox.apply(
      stormService({
        replicas: 6,
        progressDeadlineSeconds: 100,
        progressDeadlineAbort: true,
        rolloutStrategy: { canary: { maxSurge: 1, maxUnavailable: 0 } },
      }),
    );
    await untilPhase(sandbox, 'Healthy');
    await sandbox.setImage('my-app', 'web', 'app:2');
    await sandbox.advance(1);
    await untilPhase(sandbox, 'Healthy', 1000);
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 6 });
  });

  it('of a first deployment is told and takes nothing back', async () => {
    const sandbox = world();
    await sandbox.apply(
      stormService({ replicas: 2, progressDeadlineSeconds: 50, progressDeadlineAbort: true }, 'app:bad'),
    );
    await sandbox.advance(600);
    expect(await rolloutOf(sandbox)).toMatchObject({
      phase: 'Degraded',
      message: expect.stringContaining('no progress'),
    });
    expect(await podsByImage(sandbox)).toEqual({ 'app:bad': 2 });
  });
});
