import { describe, expect, it } from 'vitest';
import { watchPromises } from '../promises.js';
import { annotate, handledOf, healthy, rolloutOf, stormService, untilPhase, untilStep } from '../world.js';
import { annotationsOf, atGate, GATED_STEPS } from './atGate.js';

describe('rollout-approve', () => {
  it('passes one gate, is taken away, and says what it did and who did it', async () => {
    const { sandbox, promises, revision } = await atGate();
    await annotate(sandbox, 'approve', 'true');
    await untilStep(sandbox, 3);
    await sandbox.advance(600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 3 });
    expect(await annotationsOf(sandbox)).toEqual([]);
    expect(await handledOf(sandbox, 'approve')).toEqual({
      name: 'aibrix.io/rollout-approve',
      effect: `passed step 2 of 5 of revision ${revision}`,
      by: 'kubectl-annotate',
      at: expect.stringMatching(/^2026-01-01T/),
    });
    expect(promises.broken).toEqual([]);
  });

  it('left in place, where no decorator takes it away, it does not pass the next gate', async () => {
    const { sandbox, promises } = await atGate({ options: { decorators: [] } });
    await annotate(sandbox, 'approve', 'true');
    await untilStep(sandbox, 3);
    await sandbox.advance(3600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 3 });
    expect(await handledOf(sandbox, 'approve')).toMatchObject({ value: 'true' });
    await annotate(sandbox, 'approve', 'true');
    await sandbox.advance(60);
    expect(await rolloutOf(sandbox)).toMatchObject({ currentStepIndex: 3 });
    await annotate(sandbox, 'approve', null);
    await sandbox.advance(1);
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    expect(promises.broken).toEqual([]);
  });

  it('left in place, it does not pass a gate of the next revision', async () => {
    const { sandbox, promises } = await atGate({ options: { decorators: [] } });
    await annotate(sandbox, 'approve', 'true');
    await untilStep(sandbox, 3);
    await sandbox.setImage('my-app', 'web', 'app:3');
    await untilStep(sandbox, 1);
    await sandbox.advance(3600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 1 });
    expect(promises.broken).toEqual([]);
  });

  it('with another value it counts again although it was never absent', async () => {
    const { sandbox } = await atGate({ options: { decorators: [] } });
    await annotate(sandbox, 'approve', 'alice-1');
    await untilStep(sandbox, 3);
    await annotate(sandbox, 'approve', 'alice-2');
    await untilPhase(sandbox, 'Healthy');
  });

  it('bound to the waiting step it passes it', async () => {
    const { sandbox, revision } = await atGate();
    await annotate(sandbox, 'approve', `${revision}:1`);
    await untilStep(sandbox, 3);
    expect(await handledOf(sandbox, 'approve')).toMatchObject({
      effect: expect.stringContaining('passed step 2 of 5'),
    });
  });

  it.each<[string, (revision: string) => string]>([
    ['a later step', revision => `${revision}:3`],
    ['an earlier step', revision => `${revision}:0`],
    ['another revision', () => 'zzzzzzzzzz:1'],
    ['no step', revision => `${revision}:`],
    ['words', () => 'release:now'],
    ['a time', () => '2026-01-01T10:00:00Z'],
    ['a step that is no number', revision => `${revision}:1e0`],
    ['a negative step', revision => `${revision}:-1`],
  ])('bound to %s it passes nothing and says what waits', async (_, value) => {
    const { sandbox, promises, revision } = await atGate();
    await annotate(sandbox, 'approve', value(revision));
    await sandbox.advance(60);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 1 });
    expect(await handledOf(sandbox, 'approve')).toMatchObject({
      effect: `ignored: ${revision}:1 is waiting, not ${value(revision)}`,
    });
    expect(promises.broken).toEqual([]);
  });

  it.each(['', 'false'])('%j is no approval', async value => {
    const { sandbox } = await atGate();
    await annotate(sandbox, 'approve', value);
    await sandbox.advance(60);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 1 });
    expect(await handledOf(sandbox, 'approve')).toBeUndefined();
  });

  it('when nothing waits it is used up and says so', async () => {
    const sandbox = await healthy({ replicas: 10, rolloutStrategy: { canary: { steps: GATED_STEPS } } });
    const promises = watchPromises(sandbox);
    await annotate(sandbox, 'approve', 'true');
    await sandbox.advance(5);
    expect(await handledOf(sandbox, 'approve')).toMatchObject({
      effect: 'ignored: no gate is waiting',
    });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    await sandbox.advance(600);
    expect(await rolloutOf(sandbox)).toMatchObject({ currentStepIndex: 1 });
    expect(promises.broken).toEqual([]);
  });

  it('together with the template it was not meant for its gates', async () => {
    const sandbox = await healthy({
      replicas: 10,
      rolloutStrategy: { canary: { steps: [{ pause: true }, { setWeight: 50 }] } },
    });
    const { spec } = stormService(
      { replicas: 10, rolloutStrategy: { canary: { steps: [{ pause: true }, { setWeight: 50 }] } } },
      'app:2',
    );
    await sandbox.patch('my-app', {
      metadata: { annotations: { 'aibrix.io/rollout-approve': 'true' } },
      spec: spec as never,
    });
    await sandbox.advance(600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 0 });
    expect(await handledOf(sandbox, 'approve')).toMatchObject({ effect: expect.stringContaining('ignored') });
  });

  it('clears rollout-pause and, when a gate waits, passes that too', async () => {
    const { sandbox } = await atGate();
    await annotate(sandbox, 'pause', 'true');
    await sandbox.advance(5);
    expect(await rolloutOf(sandbox)).toMatchObject({ pause: { reason: 'RolloutPauseAnnotation' } });
    await annotate(sandbox, 'approve', 'true');
    await untilStep(sandbox, 3);
    expect(await annotationsOf(sandbox)).toEqual([]);
  });

  it('clears rollout-pause in the middle of a weight, without passing the gate behind it', async () => {
    const { sandbox, promises } = await atGate();
    await annotate(sandbox, 'approve', 'first');
    await untilStep(sandbox, 2);
    await annotate(sandbox, 'pause', 'true');
    await sandbox.advance(30);
    await annotate(sandbox, 'approve', 'second');
    await untilStep(sandbox, 3);
    await sandbox.advance(600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 3 });
    expect(await handledOf(sandbox, 'approve')).toMatchObject({ effect: 'cleared rollout-pause' });
    expect(promises.broken).toEqual([]);
  });

  it('bound to another step it leaves rollout-pause alone', async () => {
    const { sandbox, revision } = await atGate();
    await annotate(sandbox, 'pause', 'true');
    await sandbox.advance(5);
    await annotate(sandbox, 'approve', `${revision}:3`);
    await sandbox.advance(30);
    expect(await rolloutOf(sandbox)).toMatchObject({
      pause: { reason: 'RolloutPauseAnnotation' },
      currentStepIndex: 1,
    });
    expect(await annotationsOf(sandbox)).toEqual(['aibrix.io/rollout-pause']);
    expect(await handledOf(sandbox, 'approve')).toMatchObject({
      effect: `ignored: ${revision}:1 is waiting, not ${revision}:3`,
    });
  });
});
