/** Analysis of a first deployment, where the spec asks for it: there is nothing to go back to. */
import { describe, expect, it } from 'vitest';
import { randomFaults } from '../../../src/sandbox/faults.js';
import { seededRandom } from '../../../src/sandbox/random.js';
import { CORE_CHILDREN, type Sandbox } from '../../../src/sandbox/sandbox.js';
import type { JsonObject } from '../../../src/schema/json.js';
import {
  annotate,
  conditionOf,
  loseStatus,
  podsByImage,
  rolloutOf,
  stormService,
  untilMessage,
  untilPhase,
} from '../world.js';
import { type Answers, type Measured, type MeasuredOptions, measured, untilPromoted } from './measured.js';
import { endless, metric, prometheus, several } from './metrics.js';
import { abortOf, presentRuns } from './runs.js';

const ON = { analysis: { onFirstDeployment: true } };

async function deploy(strategy: JsonObject, answers: Answers, options?: MeasuredOptions): Promise<Measured> {
  const world = measured(answers, options);
  await world.sandbox.apply(stormService({ replicas: 3, rolloutStrategy: strategy }));
  return world;
}

async function serving(sandbox: Sandbox, service: string): Promise<number | undefined> {
  if (!(await sandbox.get('Service.v1', service))) return undefined;
  return (await sandbox.endpoints(service)).length;
}

async function stableOf(sandbox: Sandbox) {
  return (await rolloutOf(sandbox)).stableRevision;
}

const background = (metrics: readonly JsonObject[]): JsonObject => ({
  steps: [{ setWeight: 20 }, { pause: {} }],
  analysis: { metrics, startingStep: 1 },
});
const canary = (metrics: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({
  canary: background(metrics),
  ...ON,
  ...more,
});
const blueGreen = (more: JsonObject): JsonObject => ({ blueGreen: more, ...ON });

describe('without the option', () => {
  it.each([
    ['canary', { canary: { analysis: { metrics: [several('m', 3)] } } }],
    ['blue-green', { blueGreen: { prePromotionAnalysis: { metrics: [several('m', 3)] } } }],
  ])('%s: a first deployment is not measured', async (_, strategy) => {
    const { sandbox, asked } = await deploy(strategy, () => 0);
    await untilPromoted(sandbox, 'app:1');
    expect(asked).toEqual([]);
  });
});

describe('a canary', () => {
  it('serves from the start, and counts as stable only after it was measured', async () => {
    const { sandbox, asked } = await deploy(canary([several('m', 3)]), () => 1);
    await untilMessage(sandbox, /waiting for the background analysis/);
    expect(await serving(sandbox, 'my-app')).toBe(3);
    expect(await stableOf(sandbox)).toBeUndefined();
    await untilPromoted(sandbox, 'app:1');
    expect(asked).toHaveLength(3);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 3 });
  });

  it('is not measured before its pods are there', async () => {
    const { sandbox, asked } = await deploy(canary([several('m', 3)]), () => 1);
    await untilMessage(sandbox, /waiting for the background analysis/);
    expect(asked.every(({ now }) => now >= sandbox.clock.now() - 1000)).toBe(true);
  });

  it('a metric without an end has to succeed once', async () => {
    let value = 5;
    const { sandbox, asked } = await deploy(canary([{ ...endless('m'), inconclusiveLimit: 100 }]), () => value);
    await sandbox.advance(60);
    expect(asked.length).toBeGreaterThan(4);
    expect(await stableOf(sandbox)).toBeUndefined();
    value = 1;
    await untilPromoted(sandbox, 'app:1', 15);
  });

  it('a bad one goes on serving, is never stable, and another template is a first deployment again', async () => {
    const { sandbox } = await deploy(canary([several('m', 3)]), ({ revision, now }) => (revision && now ? bad : 1));
    let bad = 0;
    await untilPhase(sandbox, 'Degraded');
    expect(await abortOf(sandbox)).toMatchObject({ reason: 'AnalysisFailed' });
    expect((await rolloutOf(sandbox)).message).toMatch(
      /^failed: metric "m".*no stable revision to roll back to.*retry/,
    );
    expect(await conditionOf(sandbox, 'Aborted')).toMatchObject({ status: 'True', reason: 'AnalysisFailed' });
    await sandbox.always('it serves', async () => (await serving(sandbox, 'my-app')) === 3, 3600);
    expect(await stableOf(sandbox)).toBeUndefined();
    bad = 1;
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPromoted(sandbox, 'app:2');
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 3 });
  });

  it('a retry measures again', async () => {
    let value = 0;
    const { sandbox } = await deploy(canary([several('m', 3)]), () => value);
    await untilPhase(sandbox, 'Degraded');
    value = 1;
    await sandbox.advance(10);
    await annotate(sandbox, 'retry', 'true');
    await untilPromoted(sandbox, 'app:1');
    expect(await abortOf(sandbox)).toBeUndefined();
  });

  it('an inconclusive one is let pass by a person', async () => {
    const { sandbox } = await deploy(canary([several('m', 3)]), () => 5);
    await untilPhase(sandbox, 'Paused');
    await sandbox.advance(600);
    expect(await stableOf(sandbox)).toBeUndefined();
    const approve = /rollout-approve=(\S+)/.exec((await rolloutOf(sandbox)).message ?? '')?.[1] ?? '';
    await annotate(sandbox, 'approve', approve);
    await untilPromoted(sandbox, 'app:1');
  });

  it('taking the option away accepts what was rejected', async () => {
    const { sandbox } = await deploy(canary([several('m', 3)]), () => 0);
    await untilPhase(sandbox, 'Degraded');
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { analysis: { onFirstDeployment: false } } } });
    await untilPromoted(sandbox, 'app:1');
  });

  it('a template that is missing keeps it from being stable, and no pod from coming', async () => {
    const strategy = { canary: { analysis: { templates: [{ templateName: 'absent' }] } }, ...ON };
    const { sandbox } = await deploy(strategy, () => 1);
    await untilMessage(sandbox, /absent/);
    expect(await conditionOf(sandbox, 'AnalysisReady')).toMatchObject({ status: 'False' });
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 3 });
    expect(await stableOf(sandbox)).toBeUndefined();
  });

  it('health checks count for bakeSeconds', async () => {
    let value = 1;
    const healthChecks = [{ name: 'up', successCondition: 'result == 1', ...prometheus('up') }];
    const autoRollback = { enabled: true, bakeSeconds: 60, healthChecks };
    const { sandbox } = await deploy({ canary: {}, autoRollback, ...ON }, () => value);
    await untilMessage(sandbox, /running health checks/);
    value = 0;
    await untilPhase(sandbox, 'Degraded', 60);
    expect(await abortOf(sandbox)).toMatchObject({ reason: 'HealthCheckFailed' });
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 3 });
  });

  it('with traffic routing: the routes are at it from the start, and nothing is shifted', async () => {
    const trafficRouting = { smi: {} };
    const childKinds = [
      ...CORE_CHILDREN,
      { kind: 'TrafficSplit.split.smi-spec.io/v1alpha1', method: 'InPlace' as const },
    ];
    const strategy = { canary: { ...background([several('m', 3)]), trafficRouting }, ...ON };
    const { sandbox } = await deploy(strategy, () => 1, { childKinds });
    await untilMessage(sandbox, /waiting for the background analysis/);
    expect(await serving(sandbox, 'my-app-stable')).toBe(3);
    expect(await rolloutOf(sandbox)).toMatchObject({ observedWeight: 0 });
    await untilPromoted(sandbox, 'app:1');
  });

  it('stands for the stable revision in what is asked', async () => {
    const asking = {
      templates: [{ templateName: 'share' }],
      args: [{ name: 'stable', valueFrom: { podTemplateHashValue: 'Stable' } }],
    };
    const { sandbox, asked } = await deploy({ canary: { analysis: asking }, ...ON }, () => 1);
    await sandbox.apply({
      apiVersion: 'orchestration.aibrix.io/v1alpha1',
      kind: 'AnalysisTemplate',
      metadata: { name: 'share', namespace: 'default' },
      spec: { args: [{ name: 'stable' }], metrics: [metric('m', { provider: prometheus('up{r="{{args.stable}}"}') })] },
    });
    await untilPromoted(sandbox, 'app:1');
    const { updatedRevision } = await rolloutOf(sandbox);
    expect(asked[0]?.provider).toMatchObject(prometheus(`up{r="${updatedRevision}"}`));
  });

  it('without replicas there is nothing to measure; what was rejected stays so', async () => {
    let value = 0;
    const { sandbox, asked } = await deploy(canary([several('m', 3)]), () => value);
    await untilPhase(sandbox, 'Degraded');
    await sandbox.scale('my-app', 0);
    await sandbox.advance(600);
    expect(await stableOf(sandbox)).toBeUndefined();
    value = 1;
    await annotate(sandbox, 'retry', 'true');
    await sandbox.eventually('it is accepted', async () => (await rolloutOf(sandbox)).phase === 'Healthy');
    expect(asked).toHaveLength(1);
  });

  it('is compared with nothing: the next rollout has its steps', async () => {
    const { sandbox } = await deploy(canary([endless('m')]), () => 1);
    await untilPromoted(sandbox, 'app:1');
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilMessage(sandbox, /waiting for approval/);
    expect(await podsByImage(sandbox)).toMatchObject({ 'app:2': 1 });
  });
});

describe('blue-green', () => {
  const pre = { prePromotionAnalysis: { metrics: [several('pre', 3)] } };
  const post = { postPromotionAnalysis: { metrics: [several('post', 3)] } };

  it('is served by the preview alone until it was measured, then measured again', async () => {
    const { sandbox, asked } = await deploy(blueGreen({ ...pre, ...post }), () => 1);
    await untilMessage(sandbox, /waiting for the prePromotion analysis/);
    expect(await serving(sandbox, 'my-app-preview')).toBe(3);
    expect(await serving(sandbox, 'my-app-active')).toBeUndefined();
    expect(await serving(sandbox, 'my-app')).toBeUndefined();
    await untilMessage(sandbox, /waiting for the postPromotion analysis/);
    expect(await serving(sandbox, 'my-app-active')).toBe(3);
    expect(await stableOf(sandbox)).toBeUndefined();
    await untilPromoted(sandbox, 'app:1');
    expect(await serving(sandbox, 'my-app')).toBe(3);
    expect(asked.map(({ metric: name }) => name)).toEqual(['pre', 'pre', 'pre', 'post', 'post', 'post']);
  });

  it('one that is bad before is never served by the active Service', async () => {
    const { sandbox } = await deploy(blueGreen(pre), () => 0);
    await untilPhase(sandbox, 'Degraded');
    await sandbox.always('no active Service', async () => (await serving(sandbox, 'my-app-active')) === undefined, 600);
    await loseStatus(sandbox);
    await sandbox.always(
      'no active Service after the status was lost',
      async () => (await serving(sandbox, 'my-app-active')) === undefined,
      600,
    );
    expect(await presentRuns(sandbox)).toEqual([]);
    await untilPhase(sandbox, 'Degraded');
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 3 });
  });

  it('one that is bad after keeps serving', async () => {
    const { sandbox } = await deploy(blueGreen({ ...pre, ...post }), ({ metric: name }) => (name === 'pre' ? 1 : 0));
    await untilPhase(sandbox, 'Degraded');
    await sandbox.always('it serves', async () => (await serving(sandbox, 'my-app-active')) === 3, 600);
    expect(await stableOf(sandbox)).toBeUndefined();
  });

  it('a second version before the first was accepted is measured before it takes over', async () => {
    const { sandbox } = await deploy(blueGreen({ ...pre, ...post }), ({ metric: name, now }) =>
      name === 'pre' || now > fixed ? 1 : 0,
    );
    let fixed = Number.POSITIVE_INFINITY;
    await untilPhase(sandbox, 'Degraded');
    fixed = sandbox.clock.now();
    await sandbox.setImage('my-app', 'web', 'app:2');
    await sandbox.always('somebody serves', async () => (await serving(sandbox, 'my-app-active')) === 3, 25);
    await untilPromoted(sandbox, 'app:2');
    expect(await podsByImage(sandbox)).toMatchObject({ 'app:2': 3 });
  });

  it.each([true, false])('ends where it should under random faults: good %s', async good => {
    for (let seed = 1; seed <= 12; seed++) {
      const faults = randomFaults(seededRandom(seed), 0.15, 60);
      const { sandbox } = await deploy(blueGreen(pre), () => (good ? 1 : 0), { seed, replicas: 2, faults });
      let exposed = false;
      sandbox.on(() => {
        exposed ||= sandbox.cluster.list('Service.v1').some(({ metadata }) => metadata.name === 'my-app-active');
      });
      await sandbox.advance(1500);
      const { phase, stableRevision, updatedRevision } = await rolloutOf(sandbox);
      expect({ seed, phase, exposed }).toEqual({ seed, phase: good ? 'Healthy' : 'Degraded', exposed: good });
      expect(stableRevision).toBe(good ? updatedRevision : undefined);
      expect(await podsByImage(sandbox)).toEqual({ 'app:1': 3 });
    }
  });
});
