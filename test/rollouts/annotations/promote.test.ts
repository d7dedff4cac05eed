import { describe, expect, it } from 'vitest';
import { annotate, handledOf, loseStatus, podsByImage, rolloutOf, untilPhase } from '../world.js';
import { atGate } from './atGate.js';

describe('rollout-promote', () => {
  it('full skips the remaining steps', async () => {
    const { sandbox, promises } = await atGate();
    await annotate(sandbox, 'promote', 'full');
    await untilPhase(sandbox, 'Healthy');
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 10 });
    expect(promises.broken).toEqual([]);
  });

  it('left in place, it does not promote the next revision', async () => {
    const { sandbox, promises } = await atGate({ options: { decorators: [] } });
    await annotate(sandbox, 'promote', 'full');
    await untilPhase(sandbox, 'Healthy');
    await sandbox.setImage('my-app', 'web', 'app:3');
    await untilPhase(sandbox, 'Paused');
    await sandbox.advance(600);
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 8, 'app:3': 2 });
    expect(promises.broken).toEqual([]);
  });

  it('left in place, it does not promote a later revision either when status was lost altogether', async () => {
    const { sandbox, promises } = await atGate({ options: { decorators: [] } });
    await annotate(sandbox, 'promote', 'full');
    await untilPhase(sandbox, 'Healthy');
    await sandbox.setImage('my-app', 'web', 'app:3');
    await untilPhase(sandbox, 'Paused');
    await loseStatus(sandbox);
    await sandbox.advance(600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 1 });
    expect(await handledOf(sandbox, 'promote')).toMatchObject({
      effect: 'ignored: status was lost, so it may have been handled before; set it again',
    });
    expect(promises.broken).toEqual([]);
  });

  it('of another value does nothing and says what to write', async () => {
    const { sandbox } = await atGate();
    await annotate(sandbox, 'promote', 'true');
    await sandbox.advance(60);
    expect(await handledOf(sandbox, 'promote')).toMatchObject({ effect: 'ignored: the only supported value is full' });
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 1 });
  });
});
