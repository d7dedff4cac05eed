/** autoRollback.onTimeout: a rollout that takes longer is rolled back; time that waits for people does not count. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/schema/json.js';
import { annotate, rolloutOf, statusOf, untilMessage, untilPhase } from '../world.js';
import { rollOut, untilPromoted } from './measured.js';
import { metric } from './metrics.js';
import { abortOf } from './runs.js';

describe('onTimeout', () => {
  const timed = (onTimeout: string, steps: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({
    canary: { steps, ...more },
    autoRollback: { onTimeout },
  });

  it('rolls back a rollout that takes longer, in time, during a timed pause', async () => {
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

  it.each(['approve', 'promote'])('nor does an inconclusive analysis, when %s ends it', async annotation => {
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

  it('a hold over an inconclusive analysis writes nothing by itself', async () => {
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
    await untilMessage(sandbox, /inconclusive/);
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
