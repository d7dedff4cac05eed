/** Where metrics come from: templates, arguments, Secrets. */
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/metacontroller/object.js';
import type { JsonObject } from '../../../src/schema/json.js';
import {
  conditionOf,
  podsByImage,
  rolloutOf,
  statusOf,
  stormService,
  untilMessage,
  untilPhase,
  untilStep,
} from '../world.js';
import { type Measured, measuredHealthy, untilPromoted } from './measured.js';
import { metric, prometheus } from './metrics.js';
import { abortOf, runsOf } from './runs.js';

const LABELLED = { 'orchestration.aibrix.io/analysis': 'true' };

function template(
  name: string,
  spec: JsonObject,
  more: { cluster?: boolean; labels?: Record<string, string> } = {},
): KubeObject {
  return {
    apiVersion: 'orchestration.aibrix.io/v1alpha1',
    kind: more.cluster ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate',
    metadata: { name, ...(more.cluster ? {} : { namespace: 'default' }), labels: more.labels ?? {} },
    spec,
  };
}

function secret(name: string, data: Record<string, string>, labels: Record<string, string> = {}): KubeObject {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'default', labels },
    data: Object.fromEntries(encoded),
  };
}

async function rollOut(analysis: JsonObject, objects: readonly KubeObject[] = [], good = true): Promise<Measured> {
  const steps = [{ setWeight: 20 }, { analysis }, { setWeight: 60 }];
  const world = await measuredHealthy({ replicas: 5, rolloutStrategy: { canary: { steps } } }, () => (good ? 1 : 0));
  for (const object of objects) await world.sandbox.apply(object);
  await world.sandbox.setImage('my-app', 'web', 'app:2');
  return world;
}

const uses = (templateName: string, more: JsonObject = {}): JsonObject => ({ templates: [{ templateName }], ...more });

describe('a template', () => {
  it('that is missing holds the rollout where it is, and says so, until it is there', async () => {
    const { sandbox, asked } = await rollOut(uses('absent'));
    await untilMessage(sandbox, /the analysis cannot start/);
    expect(await conditionOf(sandbox, 'AnalysisReady')).toMatchObject({
      status: 'False',
      message: expect.stringMatching(/there is no AnalysisTemplate "absent" in this namespace/),
    });
    await sandbox.always('nothing moves', async () => (await podsByImage(sandbox))['app:2'] === 1, 500);
    expect(asked).toEqual([]);
    await sandbox.apply(template('absent', { metrics: [metric('m')] }));
    await untilPromoted(sandbox, 'app:2', 60);
    expect(asked).toHaveLength(1);
    expect(await conditionOf(sandbox, 'AnalysisReady')).toBeUndefined();
  });

  it('of a background analysis that is missing keeps the first pod away', async () => {
    const world = await measuredHealthy(
      { replicas: 5, rolloutStrategy: { canary: { steps: [{ setWeight: 20 }], analysis: uses('absent') } } },
      () => 1,
    );
    const { sandbox } = world;
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilMessage(sandbox, /the analysis cannot start/);
    await sandbox.advance(300);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5 });
    await sandbox.apply(template('absent', { metrics: [metric('m', { interval: '10s' })] }));
    await untilPromoted(sandbox, 'app:2');
  });

  it('that changes in the middle changes nothing, and a condition says so', async () => {
    const spec = (value: number): JsonObject => ({
      metrics: [metric('m', { interval: '10s', count: 4, successCondition: `result == ${value}` })],
    });
    const { sandbox, asked } = await rollOut(uses('t'), [template('t', spec(1))]);
    await sandbox.eventually('it is measured', async () => asked.length === 2);
    await sandbox.apply(template('t', spec(2)));
    await sandbox.eventually('it is said', async () => (await conditionOf(sandbox, 'AnalysisReady')) !== undefined, 2);
    expect(await conditionOf(sandbox, 'AnalysisReady')).toMatchObject({
      status: 'True',
      reason: 'TemplatesChanged',
      message: expect.stringContaining('continues with its original templates'),
    });
    await untilPromoted(sandbox, 'app:2');
    expect(asked).toHaveLength(4);
    await sandbox.advance(1);
    expect(await conditionOf(sandbox, 'AnalysisReady')).toBeUndefined();
  });

  it('that is deleted in the middle changes nothing either', async () => {
    const { sandbox, asked } = await rollOut(uses('t'), [
      template('t', { metrics: [metric('m', { interval: '10s', count: 3 })] }),
    ]);
    await sandbox.eventually('it is measured', async () => asked.length === 1);
    await sandbox.delete('AnalysisTemplate.orchestration.aibrix.io/v1alpha1', 't');
    await untilPromoted(sandbox, 'app:2');
    expect(asked).toHaveLength(3);
  });

  it('of the whole cluster, and one that names others, which need the label', async () => {
    const outer = template(
      'outer',
      { templates: [{ templateName: 'inner' }], metrics: [metric('a')] },
      { cluster: true },
    );
    const analysis = { templates: [{ templateName: 'outer', clusterScope: true }] };
    const inner = template('inner', { metrics: [metric('b')] });
    const { sandbox, asked } = await rollOut(analysis, [outer, inner]);
    await untilMessage(sandbox, /AnalysisTemplate "inner" in this namespace, or it lacks its label/);
    await sandbox.apply({ ...inner, metadata: { ...inner.metadata, labels: LABELLED } });
    await untilPromoted(sandbox, 'app:2', 60);
    expect(asked.map(({ metric }) => metric)).toEqual(['a', 'b']);
  });

  it('with a wrong condition or limit holds and names it', async () => {
    for (const [more, said] of [
      [{ successCondition: 'nonsense(result)' }, /AnalysisTemplate\/t\.spec\.metrics\[0\]\.successCondition/],
      [{ interval: '10s' }, /never ends/],
      [{ count: '{{args.none}}' }, /args\.none/],
    ] as const) {
      const { sandbox } = await rollOut(uses('t'), [template('t', { metrics: [metric('m', more)] })]);
      await untilMessage(sandbox, said);
      expect((await podsByImage(sandbox))['app:2']).toBe(1);
    }
  });
});

describe('arguments', () => {
  it('are what the rollout, the StormService and the user say', async () => {
    const spec = {
      args: [
        { name: 'new', valueFrom: { podTemplateHashValue: 'Latest' } },
        { name: 'limit', value: '1' },
        { name: 'who' },
      ],
      metrics: [
        {
          name: 'm',
          count: '{{args.limit}}',
          successCondition: 'result == {{args.limit}}',
          provider: prometheus('up{r=~"{{args.new}}|{{args.old}}",who="{{args.who}}",zone="{{args.zone}}"}'),
        },
      ],
    };
    const { sandbox, asked } = await rollOut(
      uses('t', {
        args: [
          { name: 'who', value: 'me' },
          { name: 'old', valueFrom: { podTemplateHashValue: 'Stable' } },
          { name: 'zone', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
        ],
      }),
      [template('t', spec)],
    );
    await sandbox.eventually('it is asked', async () => asked.length > 0);
    const { stableRevision, updatedRevision } = await rolloutOf(sandbox);
    expect(asked[0]?.provider).toEqual(
      prometheus(`up{r=~"${updatedRevision}|${stableRevision}",who="me",zone="default"}`),
    );
    await untilPromoted(sandbox, 'app:2');
  });

  it('that would change a condition or a query hold the rollout, until their values are harmless', async () => {
    const limited = template('t', {
      args: [{ name: 'least' }],
      metrics: [
        metric('m', { successCondition: 'result >= {{args.least}}', provider: prometheus('up >= {{args.least}}') }),
      ],
    });
    const using = (value: string) => ({ analysis: uses('t', { args: [{ name: 'least', value }] }) });
    const { sandbox, asked } = await rollOut(using('0 || true').analysis, [limited]);
    await untilMessage(sandbox, /AnalysisTemplate\/t\.spec\.metrics\[0\]\.successCondition: {{args\.least}}/);
    await sandbox.advance(300);
    expect(asked).toEqual([]);
    expect((await podsByImage(sandbox))['app:2']).toBe(1);
    const steps = [{ setWeight: 20 }, using('0.5'), { setWeight: 60 }];
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: { steps } } } });
    await untilPromoted(sandbox, 'app:2');
    expect(asked[0]?.provider).toEqual(prometheus('up >= 0.5'));
  });

  it('without a value hold the rollout', async () => {
    const { sandbox } = await rollOut(uses('t'), [template('t', { args: [{ name: 'who' }], metrics: [metric('m')] })]);
    await untilMessage(sandbox, /argument "who" has no value/);
  });

  it('of a Secret are in the question alone', async () => {
    const { sandbox, asked } = await rollOut(
      {
        args: [{ name: 'token', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
        metrics: [
          metric('m', {
            interval: '10s',
            count: 3,
            provider: {
              web: {
                url: 'http://metrics/',
                headers: [{ key: 'Authorization', value: 'Bearer {{args.token}}' }],
                jsonPath: '$.v',
              },
            },
          }),
        ],
      },
      [secret('s', { k: 'hush-1' })],
    );
    await sandbox.eventually('it is asked', async () => asked.length === 1);
    expect(JSON.stringify(asked[0]?.provider)).toContain('Bearer hush-1');
    expect(asked[0]?.secrets).toEqual({ 'args.token': 'hush-1' });
    await sandbox.apply(secret('s', { k: 'hush-2' }));
    await sandbox.eventually('it is asked again', async () => asked.length === 2);
    expect(JSON.stringify(asked[1]?.provider)).toContain('Bearer hush-2');
    expect(JSON.stringify(await statusOf(sandbox))).not.toContain('hush');
    await untilPromoted(sandbox, 'app:2');
  });

  it('of a Secret that is missing are errors of the measurement, which name it', async () => {
    const analysis = {
      args: [{ name: 'token', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
      metrics: [metric('m', { provider: { web: { url: 'http://metrics/?token={{args.token}}', jsonPath: '$.v' } } })],
    };
    const lost = await rollOut(analysis);
    await untilPhase(lost.sandbox, 'Degraded');
    expect(lost.asked).toEqual([]);
    expect(await abortOf(lost.sandbox)).toMatchObject({
      reason: 'AnalysisError',
      message: expect.stringMatching(/Secret "s" is not in this namespace/),
    });
    const late = await rollOut(analysis);
    await late.sandbox.eventually('an error', async () => (await runsOf(late.sandbox))[0]?.metrics[0]?.['error'] === 2);
    await late.sandbox.apply(secret('s', { k: 'hush' }));
    await untilPromoted(late.sandbox, 'app:2');
  });
});

it('a StormService whose inline metric is wrong is invalid, and nothing moves', async () => {
  const { sandbox } = await rollOut({ metrics: [metric('m', { interval: '10s', count: 9 })] });
  await untilStep(sandbox, 1);
  const wrong = [{ setWeight: 20 }, { analysis: { metrics: [metric('m', { successCondition: 'nonsense(result)' })] } }];
  await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: { steps: wrong } } } });
  await untilPhase(sandbox, 'Degraded');
  await sandbox.advance(300);
  expect((await podsByImage(sandbox))['app:2']).toBe(1);
  expect(await conditionOf(sandbox, 'InvalidSpec')).toMatchObject({
    message: expect.stringContaining('steps[1].analysis.metrics[0].successCondition'),
  });
  const steps = [{ setWeight: 20 }, { analysis: { metrics: [metric('m')] } }];
  await sandbox.apply(stormService({ replicas: 5, rolloutStrategy: { canary: { steps } } }, 'app:2'));
  await untilPromoted(sandbox, 'app:2');
});

it('an invalid change in the middle of an analysis stops nothing that was decided and begins nothing', async () => {
  const steps = [{ setWeight: 20 }, { analysis: { metrics: [metric('m', { interval: '10s', count: 5 })] } }];
  const { sandbox, asked } = await measuredHealthy({ replicas: 5, rolloutStrategy: { canary: { steps } } }, () => 1);
  await sandbox.setImage('my-app', 'web', 'app:2');
  await untilStep(sandbox, 1);
  await sandbox.eventually('it is measured', async () => asked.length === 1);
  await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: { maxSurge: 'many' } } } });
  await sandbox.advance(300);
  expect((await podsByImage(sandbox))['app:2']).toBe(1);
  await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: { maxSurge: null } } } });
  await untilPromoted(sandbox, 'app:2');
  expect(asked.length).toBeLessThanOrEqual(6);
});
