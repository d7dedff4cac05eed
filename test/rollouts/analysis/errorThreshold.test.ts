/** autoRollback.onFailure.errorThreshold: how much of all that is measured may go wrong. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/schema/json.js';
import { annotate, rolloutOf, untilPhase } from '../world.js';
import { rollOut, TIMED_STEPS, untilPromoted } from './measured.js';
import { endless } from './metrics.js';
import { abortOf } from './runs.js';

describe('errorThreshold', () => {
  const of = (errorThreshold: number | string): JsonObject => ({
    canary: {
      steps: TIMED_STEPS,
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
      message: '3 of 5 measurements failed or returned errors, errorThreshold is 2; last result of metric "b": 0',
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
