/** Analysis beside the steps: what measures all through a rollout. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/schema/json.js';
import { annotate, handledOf, podsByImage, rolloutOf, untilMessage, untilPhase, untilStep } from '../world.js';
import { type MeasuredOptions, rollOut, SPLIT_BY_SMI, TIMED_STEPS, untilPromoted } from './measured.js';
import { endless, metric } from './metrics.js';
import { abortOf, runsOf } from './runs.js';

describe('background analysis', () => {
  const background = (more: JsonObject = {}): JsonObject => ({
    canary: { steps: TIMED_STEPS, analysis: { metrics: [endless('b')], ...more } },
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

  it('of the number of steps measures from the last step to promotion, and takes the rollout back', async () => {
    const strategy = { canary: { steps: [{ setWeight: 20 }], analysis: { metrics: [endless('b')], startingStep: 1 } } };
    const { sandbox, asked } = await rollOut(strategy, () => 0);
    await untilPhase(sandbox, 'Degraded', 40);
    expect(asked.length).toBeGreaterThanOrEqual(1);
    expect(await abortOf(sandbox)).toMatchObject({ reason: 'AnalysisFailed' });
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

  it('inconclusive: holds the pause, and its steps after it, until a person lets it pass; then it measures again', async () => {
    let value = 1;
    const { sandbox, asked } = await rollOut(background(), () => value);
    await untilStep(sandbox, 1);
    value = 5;
    await untilPhase(sandbox, 'Paused');
    await untilMessage(sandbox, /inconclusive/);
    await sandbox.always('one pod', async () => (await podsByImage(sandbox))['app:2'] === 1, 3600);
    const before = asked.length;
    value = 1;
    await annotate(sandbox, 'approve', 'true');
    await untilPromoted(sandbox, 'app:2');
    expect(asked.length).toBeGreaterThan(before + 3);
    await sandbox.advance(1);
    expect((await runsOf(sandbox)).map(({ phase }) => phase)).toEqual(['Inconclusive', 'Successful']);
  });

  it('inconclusive at a gate: one approval for each of them, and none for another step', async () => {
    const steps = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }];
    const { sandbox, answer } = await rollOut({ canary: { steps, analysis: { metrics: [endless('b')] } } }, () => 1);
    await untilMessage(sandbox, /waiting for approval/);
    const { updatedRevision } = await rolloutOf(sandbox);
    answer(() => 5);
    await untilMessage(sandbox, /inconclusive/);
    await annotate(sandbox, 'approve', `${updatedRevision}:7`);
    await sandbox.advance(5);
    expect(await handledOf(sandbox, 'approve')).toMatchObject({
      effect: `ignored: ${updatedRevision}:1 is waiting, not ${updatedRevision}:7`,
    });
    answer(() => 1);
    await annotate(sandbox, 'approve', `${updatedRevision}:1`);
    await untilMessage(sandbox, /waiting for approval/);
    await sandbox.always('the gate holds', async () => (await rolloutOf(sandbox)).currentStepIndex === 1, 600);
    await annotate(sandbox, 'approve', 'now');
    await untilPromoted(sandbox, 'app:2');
  });

  it('inconclusive while the last pods come: no more of them come', async () => {
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
    ['with traffic routing', { trafficRouting: { smi: {} } }, SPLIT_BY_SMI],
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
