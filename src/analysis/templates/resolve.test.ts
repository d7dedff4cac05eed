import { describe, expect, test } from 'vitest';
import { context, metrics, none, problems, prometheus, template, use } from '../../../test/analysis/resolving.js';
import type { AnalysisRef } from '../../api/spec.js';
import { namePattern } from './namePattern.js';
import { resolveAnalysis } from './resolve.js';

const successRate = template('success-rate', {
  args: [{ name: 'service' }, { name: 'least', value: '0.95' }],
  metrics: [
    {
      name: 'success-rate',
      interval: '1m',
      count: '3',
      successCondition: 'result[0] >= {{args.least}}',
      provider: prometheus('rate{service="{{ args.service }}"}'),
    },
  ],
});

describe('templates', () => {
  test('args are filled in wherever they stand; what is given wins over a default', () => {
    const args = [
      { name: 'service', value: 'app' },
      { name: 'least', value: '0.9' },
    ];
    expect(metrics(use('success-rate', { args }), context([successRate]))).toMatchObject([
      {
        name: 'success-rate',
        count: 3,
        successCondition: 'result[0] >= 0.9',
        provider: prometheus('rate{service="app"}'),
      },
    ]);
  });

  test('one of another namespace is not ours', () => {
    const foreign = template('success-rate', successRate['spec'] as object, 'other');
    expect(problems(use('success-rate'), context([foreign]))).toEqual([
      {
        path: 'analysis.templates[0]',
        problem: 'there is no AnalysisTemplate "success-rate" in this namespace',
        remedy: 'apply AnalysisTemplate/success-rate, or correct the name',
      },
    ]);
  });

  test('cluster templates are found without a namespace', () => {
    const ref = { ...none, templates: [{ templateName: 'up', clusterScope: true }] };
    const up = template('up', { metrics: [{ name: 'up', provider: prometheus('up') }] }, undefined);
    expect(metrics(ref, context([], [up]))).toHaveLength(1);
  });

  test('nested templates come with what names them, each once, in circles too', () => {
    const one = template('one', {
      templates: [{ templateName: 'two' }, { templateName: 'three', clusterScope: true }],
      metrics: [{ name: 'a', provider: prometheus('a') }],
    });
    const two = template('two', {
      templates: [{ templateName: 'one' }],
      metrics: [{ name: 'b', provider: prometheus('b') }],
    });
    const three = template('three', { templates: [], metrics: [{ name: 'c', provider: prometheus('c') }] }, undefined);
    expect(metrics(use('one'), context([one, two], [three])).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  test('a nested one that is missing names where it is written, and the label', () => {
    const one = template('one', { templates: [{ templateName: 'two' }], metrics: [] });
    expect(problems(use('one'), context([one]))).toMatchObject([
      {
        path: 'AnalysisTemplate/one.spec.templates[0]',
        remedy: expect.stringContaining('orchestration.aibrix.io/analysis'),
      },
    ]);
  });

  test('metrics inline beside a template use its args', () => {
    const inline = [{ name: 'own', provider: prometheus('x{s="{{args.service}}"}') }];
    const ref = use('success-rate', { metrics: inline, args: [{ name: 'service', value: 'app' }] });
    expect(metrics(ref, context([successRate])).map(({ name }) => name)).toEqual(['success-rate', 'own']);
  });
});

describe('args', () => {
  const inline = (valueFrom: object): AnalysisRef => ({
    ...none,
    args: [{ name: 'x', valueFrom: valueFrom as never }],
    metrics: [{ name: 'm', provider: prometheus('{{args.x}}') }],
  });

  test.each([
    [{ podTemplateHashValue: 'Stable' }, 'old1'],
    [{ podTemplateHashValue: 'Latest' }, 'new2'],
    [{ fieldRef: { fieldPath: "metadata.labels['team/name']" } }, 'serving'],
    [{ fieldRef: { fieldPath: 'metadata.labels["team/name"]' } }, 'serving'],
    [{ fieldRef: { fieldPath: 'metadata.labels.region' } }, 'eu'],
    [{ fieldRef: { fieldPath: 'metadata.name' } }, 'app'],
    [{ fieldRef: { fieldPath: 'spec.replicas' } }, '3'],
    [{ fieldRef: { fieldPath: 'spec.template.spec.containers[0].image' } }, 'app:2'],
  ])('%j is %s', (valueFrom, value) => {
    expect(metrics(inline(valueFrom), context([]))[0]?.provider).toEqual(prometheus(value));
  });

  test.each([
    [{ fieldRef: { fieldPath: 'metadata.labels' } }],
    [{ fieldRef: { fieldPath: 'metadata.nothing' } }],
    [{ fieldRef: { fieldPath: 'metadata..x[' } }],
    [{ fieldRef: { fieldPath: '' } }],
    [{ fieldRef: { fieldPath: 'constructor.name' } }],
    [{ podTemplateHashValue: 'Newest' }],
  ])('%j leads nowhere', valueFrom => {
    expect(problems(inline(valueFrom), context([]))).toMatchObject([{ path: 'analysis.args[0].valueFrom' }]);
  });

  test('a Secret is named in the run, never read', () => {
    const resolved = resolveAnalysis(inline({ secretKeyRef: { name: 's', key: 'token' } }), context([]), 'analysis');
    expect(resolved).toMatchObject({
      ok: true,
      value: { secrets: [{ arg: 'x', name: 's', key: 'token' }], metrics: [{ provider: prometheus('{{args.x}}') }] },
    });
  });

  test.each([
    [
      'a Secret outside of the provider',
      { name: 'm', successCondition: 'result > {{args.x}}', provider: prometheus('up') },
    ],
    ['an arg that is nowhere declared', { name: 'm', provider: prometheus('{{args.y}}') }],
    ['what is no arg at all', { name: 'm', provider: prometheus('{{inputs.x}}') }],
  ])('%s is refused', (_, metric) => {
    const ref = { ...inline({ secretKeyRef: { name: 's', key: 'token' } }), metrics: [metric] };
    expect(problems(ref, context([]))).toMatchObject([{ path: 'analysis.metrics[0]' }]);
  });

  test('one without a value is refused where the template declares it', () => {
    expect(problems(use('success-rate'), context([successRate]))).toEqual([
      {
        path: 'AnalysisTemplate/success-rate.spec.args[0]',
        problem: 'argument "service" has no value',
        remedy: 'add {name: service, value: …} to args where the template is used',
      },
    ]);
  });

  test('one that two templates give different values is refused', () => {
    const other = template('other', { args: [{ name: 'least', value: '0.5' }], metrics: [] });
    const ref = { ...use('success-rate'), args: [{ name: 'service', value: 'a' }] };
    const both = { ...ref, templates: [...ref.templates, { templateName: 'other', clusterScope: false }] };
    expect(problems(both, context([successRate, other]))).toMatchObject([
      { path: 'AnalysisTemplate/other.spec.args[0]' },
    ]);
  });

  test('a value cannot smuggle another argument in', () => {
    const ref = use('success-rate', { args: [{ name: 'service', value: '{{args.token}}' }] });
    expect(problems(ref, context([successRate]))).toMatchObject([{ path: 'analysis.args[0]' }]);
  });
});

describe('dryRun and measurementRetention', () => {
  const three = ['errors-4xx', 'errors-5xx', 'latency'].map(name => ({ name, provider: prometheus(name) }));

  test.each([
    ['latency', ['latency']],
    ['errors-.*', ['errors-4xx', 'errors-5xx']],
    ['4xx', ['errors-4xx']],
    ['*', ['errors-4xx', 'errors-5xx', 'latency']],
    ['.*', ['errors-4xx', 'errors-5xx', 'latency']],
    ['^errors-4xx$|latency', ['errors-4xx', 'latency']],
  ])('%s means %j', (pattern, names) => {
    const ref = {
      ...none,
      metrics: three,
      dryRun: [pattern],
      measurementRetention: [{ metricName: pattern, limit: 2 }],
    };
    const resolved = metrics(ref, context([]));
    expect(resolved.filter(({ dryRun }) => dryRun).map(({ name }) => name)).toEqual(names);
    expect(resolved.filter(({ measurementRetention }) => measurementRetention === 2).map(({ name }) => name)).toEqual(
      names,
    );
  });

  test.each(['(a+)+', 'lat[e', '.*.*.*.*x'])('%s is no pattern', pattern => {
    expect(namePattern(pattern)).toBeUndefined();
    expect(problems({ ...none, metrics: three, dryRun: [pattern] }, context([]))).toMatchObject([
      { path: 'analysis.dryRun[0].metricName' },
    ]);
  });

  test('a rule without a matching metric is a typo', () => {
    expect(problems({ ...none, metrics: three, dryRun: ['latncy'] }, context([]))[0]?.remedy).toBe(
      'use one of errors-4xx, errors-5xx, latency',
    );
  });
});

test.each<[string, AnalysisRef]>([
  ['nothing to measure', none],
  ['two metrics of one name', { ...none, metrics: [1, 2].map(() => ({ name: 'm', provider: prometheus('m') })) }],
  [
    'more than 50 metrics',
    { ...none, metrics: Array.from({ length: 51 }, (_, i) => ({ name: `m${i}`, provider: prometheus('m') })) },
  ],
])('%s is refused', (_, ref) => {
  expect(problems(ref, context([]))).toHaveLength(1);
});

test('a condition that is not valid names template, metric and field', () => {
  const wrong = template('wrong', {
    metrics: [{ name: 'm', successCondition: 'len(result) == 0', provider: prometheus('m') }],
  });
  expect(problems(use('wrong'), context([wrong]))).toEqual([
    {
      path: 'AnalysisTemplate/wrong.spec.metrics[0].successCondition',
      problem: 'metric "m": the condition "len(result) == 0" calls len, which conditions do not have',
      remedy: expect.stringMatching(/^conditions are CEL, .* docs\/analysis\.md/),
    },
  ]);
});
