/** Health checks: what watches the new revision from its first pod to the end of bakeSeconds. */
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { JsonObject } from '../../../src/schema/json.js';
import { REVISION_LABEL } from '../../../src/schema/names.js';
import { annotate, podsByImage, rolloutOf, untilMessage, untilPhase, untilStep } from '../world.js';
import { rollOut, SPLIT_BY_SMI, TIMED_STEPS, untilPromoted } from './measured.js';
import { prometheus } from './metrics.js';
import { abortOf } from './runs.js';

/** Revisions that the stable Service sends requests to. */
async function served(sandbox: Sandbox): Promise<readonly string[]> {
  const pods = await sandbox.endpoints('my-app-stable');
  return [...new Set(pods.map(({ labels }) => labels[REVISION_LABEL] ?? ''))];
}

const check = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  successCondition: 'result == 1',
  ...prometheus(name),
  ...more,
});

describe('health checks', () => {
  const checked = (more: JsonObject = {}, canary: JsonObject = { steps: TIMED_STEPS }): JsonObject => ({
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
      message: 'metric "h" Failed: 3 consecutive failures, last value 0',
    });
    await sandbox.advance(60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5 });
    expect(asked).toHaveLength(6);
  });

  it('go on for bakeSeconds: what fails then is rolled back to stable', async () => {
    let value = 1;
    const { sandbox, asked } = await rollOut(checked({ bakeSeconds: 120 }, { steps: [] }), () => value);
    await untilMessage(sandbox, /running health checks until/);
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
    await untilMessage(sandbox, /running health checks until/);
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
      SPLIT_BY_SMI,
    );
    await untilMessage(sandbox, /running health checks until/);
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
      SPLIT_BY_SMI,
    );
    await untilMessage(sandbox, /running health checks until/);
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
    await untilMessage(sandbox, /3 consecutive failures/);
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
