import { describe, expect, it } from 'vitest';
import { annotate, conditionOf, handledOf, healthy, podsByImage, rolloutOf, untilPhase, untilStep } from '../world.js';
import { atGate } from './atGate.js';

describe('rollout-abort', () => {
  it('takes the canary back and stays aborted until the template changes', async () => {
    const { sandbox, promises, revision } = await atGate();
    await annotate(sandbox, 'abort', 'true');
    await untilPhase(sandbox, 'Degraded');
    await sandbox.advance(3600);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10 });
    expect(await rolloutOf(sandbox)).toMatchObject({
      phase: 'Degraded',
      currentStepIndex: 0,
      canaryWeight: 0,
      updatedRevision: revision,
      abort: { reason: 'AbortedByAnnotation', by: 'kubectl-annotate', at: expect.any(String) },
      message: expect.stringContaining('aibrix.io/rollout-retry=true'),
    });
    expect(await conditionOf(sandbox, 'Aborted')).toMatchObject({ status: 'True', reason: 'AbortedByAnnotation' });
    await sandbox.setImage('my-app', 'web', 'app:3');
    await untilPhase(sandbox, 'Paused');
    expect((await rolloutOf(sandbox))['abort']).toBeUndefined();
    expect(await conditionOf(sandbox, 'Aborted')).toBeUndefined();
    expect(promises.broken).toEqual([]);
  });

  it('is not undone by an approval, a promotion or other steps', async () => {
    const { sandbox, promises } = await atGate();
    await annotate(sandbox, 'abort', 'true');
    await untilPhase(sandbox, 'Degraded');
    await annotate(sandbox, 'approve', 'true');
    await sandbox.advance(5);
    await annotate(sandbox, 'promote', 'full');
    await sandbox.advance(5);
    expect(await handledOf(sandbox, 'promote')).toMatchObject({
      effect: 'ignored: the rollout is aborted; retry it first',
    });
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: { steps: [{ setWeight: 40 }] } } } });
    await sandbox.advance(600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded', currentStepIndex: 0 });
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10 });
    expect(promises.broken).toEqual([]);
  });

  it('is not undone by another strategy', async () => {
    const { sandbox } = await atGate();
    await annotate(sandbox, 'abort', 'true');
    await untilPhase(sandbox, 'Degraded');
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: null, blueGreen: {} } } });
    await sandbox.advance(600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded', abort: { reason: 'AbortedByAnnotation' } });
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10 });
  });

  it('when nothing is rolled out it is used up and says so', async () => {
    const sandbox = await healthy({ replicas: 3 });
    await annotate(sandbox, 'abort', 'true');
    await sandbox.advance(5);
    expect(await handledOf(sandbox, 'abort')).toMatchObject({ effect: 'ignored: no rollout is in progress' });
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Healthy' });
  });
});

describe('rollout-retry', () => {
  it('starts the aborted revision from the first step, gates and all', async () => {
    const { sandbox, promises } = await atGate();
    await annotate(sandbox, 'approve', 'true');
    await untilStep(sandbox, 3);
    await annotate(sandbox, 'abort', 'true');
    await untilPhase(sandbox, 'Degraded');
    await sandbox.advance(60);
    await annotate(sandbox, 'retry', 'true');
    await untilPhase(sandbox, 'Paused');
    expect(await rolloutOf(sandbox)).toMatchObject({ currentStepIndex: 1, canaryWeight: 20 });
    await sandbox.advance(600);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 8, 'app:2': 2 });
    expect(promises.broken).toEqual([]);
  });

  it('with nothing aborted it is used up and says so', async () => {
    const { sandbox } = await atGate();
    await annotate(sandbox, 'retry', 'true');
    await sandbox.advance(5);
    expect(await handledOf(sandbox, 'retry')).toMatchObject({ effect: 'ignored: no rollout is aborted' });
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 1 });
  });

  it('together with an abort, going back wins', async () => {
    const { sandbox } = await atGate();
    await sandbox.patch('my-app', {
      metadata: {
        annotations: {
          'aibrix.io/rollout-abort': 'true',
          'aibrix.io/rollout-retry': 'true',
          'aibrix.io/rollout-promote': 'full',
        },
      },
    });
    await sandbox.advance(60);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded' });
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10 });
  });
});
