/** Analysis at a step: what each outcome makes of the rollout, with and without traffic routing. */
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { JsonObject } from '../../../src/schema/json.js';
import { annotate, conditionOf, handledOf, podsByImage, rolloutOf, untilMessage, untilPhase } from '../world.js';
import { type Answers, type Measured, type MeasuredOptions, rollOut, SPLIT_BY_SMI, untilPromoted } from './measured.js';
import { metric } from './metrics.js';
import { abortOf, presentRuns, runsOf } from './runs.js';

const SPLIT = 'TrafficSplit.split.smi-spec.io/v1alpha1';

/** The weight that the route carries for the canary Service. */
async function weightOf(sandbox: Sandbox): Promise<number> {
  const split = await sandbox.get(SPLIT, 'my-app');
  const { backends = [] } = (split?.['spec'] ?? {}) as { backends?: { service: string; weight: number | string }[] };
  return Number.parseInt(String(backends.find(({ service }) => service === 'my-app-canary')?.weight ?? 0), 10);
}

interface Case {
  readonly name: string;
  readonly fields: JsonObject;
  readonly options: MeasuredOptions;
}

const ways: readonly Case[] = [
  { name: 'without traffic routing', fields: {}, options: {} },
  {
    name: 'with traffic routing',
    fields: { trafficRouting: { smi: {} }, abortScaleDownDelaySeconds: 5, scaleDownDelaySeconds: 5 },
    options: SPLIT_BY_SMI,
  },
];

describe.each(ways)('a canary $name', ({ fields, options }) => {
  const routed = 'trafficRouting' in fields;

  const rollOutSteps = (steps: readonly JsonObject[], answers: Answers, more: JsonObject = {}): Promise<Measured> =>
    rollOut({ canary: { ...fields, steps }, ...more }, answers, options);

  const analysis = (...metrics: JsonObject[]): JsonObject => ({ analysis: { metrics } });
  const around = (step: JsonObject) => [{ setWeight: 20 }, step, { setWeight: 60 }];

  it('goes on by itself when the numbers are good, and not before', async () => {
    const { sandbox, asked } = await rollOutSteps(
      around(analysis(metric('ok', { interval: '10s', count: 3 }))),
      () => 1,
    );
    await untilMessage(sandbox, /waiting for the step analysis/);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Progressing', currentStepIndex: 1, canaryWeight: 20 });
    const began = sandbox.clock.now();
    await sandbox.always('one pod', async () => (await podsByImage(sandbox))['app:2'] === 1, 19);
    await untilPromoted(sandbox, 'app:2');
    expect(sandbox.clock.now() - began).toBeGreaterThanOrEqual(20_000);
    expect(asked.map(({ metric }) => metric)).toEqual(['ok', 'ok', 'ok']);
    await sandbox.advance(60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 5 });
    expect(await runsOf(sandbox)).toMatchObject([{ kind: 'step', step: 1, phase: 'Successful', past: true }]);
    expect(asked).toHaveLength(3);
  });

  it('takes the traffic back in the sync that reads a failure', async () => {
    const { sandbox, asked } = await rollOutSteps(around(analysis(metric('ok'))), () => 0);
    let weightWhenAborted: number | undefined;
    let first: string | undefined;
    sandbox.on(event => {
      if (event.type !== 'sync' || weightWhenAborted !== undefined) return;
      const { rolloutStatus } = (event.sync.answer?.status ?? {}) as { rolloutStatus?: JsonObject };
      if (rolloutStatus?.['abort'] === undefined) return;
      weightWhenAborted = Number(rolloutStatus['canaryWeight']);
      first = new Date(sandbox.clock.now()).toISOString();
    });
    await untilPhase(sandbox, 'Degraded');
    expect(weightWhenAborted).toBe(0);
    expect(asked).toHaveLength(1);
    const at = asked[0]!.now;
    expect(Date.parse(first!) - at).toBeLessThan(100);
    expect(await abortOf(sandbox)).toMatchObject({
      reason: 'AnalysisFailed',
      message: 'metric "ok" Failed: failed (1) > failureLimit (0), last value 0',
      at: `${new Date(at).toISOString().slice(0, 19)}Z`,
    });
    expect(await conditionOf(sandbox, 'Aborted')).toMatchObject({ status: 'True', reason: 'AnalysisFailed' });
    if (routed) await sandbox.eventually('the route is back', async () => (await weightOf(sandbox)) === 0, 2);
    await sandbox.advance(3600);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5 });
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded', currentStepIndex: 0, canaryWeight: 0 });
    expect(asked).toHaveLength(1);
  });

  it.each<[string, JsonObject, readonly (number | Error)[], string]>([
    ['failures up to failureLimit', { interval: '5s', count: 4, failureLimit: 2 }, [0, 1, 0, 1], 'Healthy'],
    ['one more', { interval: '5s', count: 4, failureLimit: 2 }, [0, 0, 1, 0], 'Degraded'],
    ['inconclusive ones up to the limit', { interval: '5s', count: 3, inconclusiveLimit: 2 }, [7, 7, 1], 'Healthy'],
    ['one more inconclusive', { interval: '5s', count: 3, inconclusiveLimit: 1 }, [7, 7, 1], 'Paused'],
    ['errors up to the limit', {}, [...Array<Error>(4).fill(new Error('down')), 1], 'Healthy'],
    ['one more error', {}, Array<Error>(5).fill(new Error('down')), 'Degraded'],
    [
      'errors not in a row',
      { consecutiveErrorLimit: 1, interval: '5s', count: 2 },
      [new Error('x'), 1, new Error('x'), 1],
      'Healthy',
    ],
    [
      'enough consecutive successes',
      { interval: '5s', consecutiveSuccessLimit: 3, failureLimit: 9 },
      [1, 0, 1, 1, 1],
      'Healthy',
    ],
    ['an answer that fits no condition', { successCondition: 'result[0] == 1' }, Array<number>(5).fill(1), 'Degraded'],
  ])('%s', async (_, more, script, phase) => {
    let next = 0;
    const { sandbox, asked } = await rollOutSteps(around(analysis(metric('m', more))), () => script[next++]);
    const ends = async () => {
      const status = await rolloutOf(sandbox);
      return status.phase === phase && (phase !== 'Healthy' || status.stableRevision === status.updatedRevision);
    };
    await sandbox.eventually('the analysis has begun', async () => asked.length > 0);
    await sandbox.eventually(phase, ends);
    expect(asked.length).toBeLessThanOrEqual(script.length);
    const errors = script.some(value => value instanceof Error) || 'successCondition' in more;
    if (phase === 'Degraded') {
      expect(await abortOf(sandbox)).toMatchObject({ reason: errors ? 'AnalysisError' : 'AnalysisFailed' });
    }
    if (phase === 'Degraded' && errors) expect((await rolloutOf(sandbox)).message).toMatch(/metrics system/);
  });

  it('an inconclusive one pauses until a person lets it pass', async () => {
    const { sandbox, asked } = await rollOutSteps(around(analysis(metric('m'))), () => 5);
    await untilPhase(sandbox, 'Paused');
    const { updatedRevision, message, pause } = await rolloutOf(sandbox);
    expect(message).toContain(`rollout-approve=${updatedRevision}:1`);
    expect(pause).toMatchObject({ reason: 'InconclusiveAnalysis' });
    const before = await podsByImage(sandbox);
    await sandbox.always(
      'nothing moves',
      async () => JSON.stringify(await podsByImage(sandbox)) === JSON.stringify(before),
      24 * 3600,
    );
    expect(asked).toHaveLength(1);
    await annotate(sandbox, 'approve', `${updatedRevision}:1`);
    await untilPromoted(sandbox, 'app:2');
    expect(await handledOf(sandbox, 'approve')).toMatchObject({ effect: expect.stringContaining('passed the step') });
    expect(await runsOf(sandbox)).toMatchObject([{ phase: 'Inconclusive', approved: true }]);
  });

  it('an approval from before passes no analysis that status did not show as inconclusive', async () => {
    const { sandbox, answer } = await rollOutSteps(around(analysis(metric('m'))), () => undefined);
    await untilMessage(sandbox, /waiting for the step analysis/);
    answer(() => 5);
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Paused');
    await sandbox.always('it waits', async () => (await rolloutOf(sandbox)).phase === 'Paused', 3600);
    expect(await handledOf(sandbox, 'approve')).toMatchObject({
      effect: expect.stringMatching(/ignored: an analysis became inconclusive .*approve it now/),
    });
    await annotate(sandbox, 'approve', 'again');
    await untilPromoted(sandbox, 'app:2');
  });

  it('an inconclusive one can be aborted, and tried again from the start', async () => {
    const { sandbox, asked, answer } = await rollOutSteps(around(analysis(metric('m'))), () => 5);
    await untilPhase(sandbox, 'Paused');
    await annotate(sandbox, 'abort', 'true');
    await untilPhase(sandbox, 'Degraded');
    answer(() => 1);
    await sandbox.advance(60);
    expect(asked).toHaveLength(1);
    await annotate(sandbox, 'retry', 'true');
    await untilPromoted(sandbox, 'app:2');
    expect(asked).toHaveLength(2);
    expect(await podsByImage(sandbox)).toMatchObject({ 'app:2': 5 });
  });

  it('full promotion skips an analysis that runs, and one that is inconclusive', async () => {
    for (const value of [undefined, 5]) {
      const { sandbox, asked } = await rollOutSteps(
        [...around(analysis(metric('m'))), analysis(metric('later'))],
        () => value,
      );
      await sandbox.eventually('it is measured', async () => asked.length > 0);
      if (value !== undefined) await untilPhase(sandbox, 'Paused');
      await annotate(sandbox, 'promote', 'full');
      await untilPromoted(sandbox, 'app:2');
      expect(asked.map(({ metric }) => metric)).toEqual(['m']);
      await sandbox.advance(1);
      expect(await presentRuns(sandbox)).toEqual([]);
    }
  });

  it('a result that comes late is taken by the next sync and counted once', async () => {
    const { sandbox, asked, answer } = await rollOutSteps(
      around(analysis(metric('m', { interval: '30s', count: 2 }))),
      () => undefined,
    );
    await sandbox.eventually('it is asked', async () => asked.length > 0);
    await sandbox.always('it waits', async () => (await rolloutOf(sandbox)).currentStepIndex === 1, 20);
    expect(asked).toHaveLength(1);
    answer(() => 1);
    await sandbox.eventually(
      'it is taken',
      async () => (await runsOf(sandbox))[0]?.metrics[0]?.['successful'] === 1,
      2,
    );
    await untilPromoted(sandbox, 'app:2');
    expect(asked).toHaveLength(2);
  });

  it('steps that change in between begin anew, their analyses with them', async () => {
    const steps = [{ setWeight: 20 }, analysis(metric('one')), { pause: {} }, { setWeight: 60 }];
    const { sandbox, asked, answer } = await rollOutSteps(steps, () => 1);
    await untilPhase(sandbox, 'Paused');
    answer(({ metric }) => (metric === 'other' ? 0 : 1));
    const changed = [{ setWeight: 20 }, analysis(metric('other')), { setWeight: 60 }];
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: { steps: changed } } } });
    await untilPhase(sandbox, 'Degraded');
    expect(asked.map(({ metric }) => metric)).toEqual(['one', 'other']);
  });

  it('a new template forgets what was measured', async () => {
    const { sandbox, asked } = await rollOutSteps(around(analysis(metric('m'))), ({ revision }) =>
      revision === second ? 0 : 1,
    );
    const second = (await rolloutOf(sandbox)).updatedRevision;
    await sandbox.eventually('it is measured', async () => asked.length > 0);
    await sandbox.setImage('my-app', 'web', 'app:3');
    await untilPromoted(sandbox, 'app:3');
    expect(new Set(asked.map(({ revision }) => revision)).size).toBe(asked.length);
    expect(await podsByImage(sandbox)).toMatchObject({ 'app:3': 5 });
  });

  it('what was rejected stays rejected, and going back to stable asks nothing', async () => {
    const { sandbox, asked, answer } = await rollOutSteps(around(analysis(metric('m'))), () => 0);
    await untilPhase(sandbox, 'Degraded');
    answer(() => 1);
    await sandbox.scale('my-app', 6);
    await sandbox.advance(120);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded', canaryWeight: 0 });
    await sandbox.setImage('my-app', 'web', 'app:1');
    await untilPhase(sandbox, 'Healthy');
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 6 });
    expect(asked).toHaveLength(1);
  });

  it('no autoRollback: a failed one waits for a person', async () => {
    const { sandbox } = await rollOutSteps(around(analysis(metric('m'))), () => 0, {
      autoRollback: { onFailure: { analysisFailure: false } },
    });
    await untilPhase(sandbox, 'Paused');
    expect((await rolloutOf(sandbox)).message).toMatch(/failed \(1\) > failureLimit/);
    await annotate(sandbox, 'approve', 'true');
    await untilPromoted(sandbox, 'app:2');
  });

  it('what runs dry decides nothing', async () => {
    const step = {
      analysis: {
        metrics: [metric('good'), metric('bad', { interval: '5s', count: 3, failureLimit: 2 })],
        dryRun: [{ metricName: 'bad' }],
      },
    };
    const { sandbox } = await rollOutSteps(around(step), ({ metric }) => (metric === 'bad' ? 0 : 1), {
      autoRollback: { onFailure: { errorThreshold: 0 } },
    });
    await untilPromoted(sandbox, 'app:2');
    expect(await runsOf(sandbox)).toMatchObject([{ phase: 'Successful' }]);
  });
});
