/** Arguments are data: who sets a value does not write the query. */
import { describe, expect, test } from 'vitest';
import { context, metrics, none, parent, problems, prometheus, template } from '../../../test/analysis/resolving.js';
import type { AnalysisRef } from '../../api/spec.js';
import { resolveAnalysis } from './resolve.js';

const code = '0 || true';
const limited = (args: readonly object[], namespace?: string | undefined) =>
  template(
    'limited',
    {
      args,
      metrics: [{ name: 'm', successCondition: 'result > {{args.x}}', provider: prometheus('up{a="{{args.x}}"}') }],
    },
    namespace,
  );
const given = (more: object = {}): AnalysisRef => ({
  ...none,
  templates: [{ templateName: 'limited', clusterScope: true }],
  args: [{ name: 'x', value: code, ...more }],
});

test('who sets a value cannot write a condition', () => {
  expect(problems(given(), context([], [limited([{ name: 'x' }])]))).toEqual([
    {
      path: 'ClusterAnalysisTemplate/limited.spec.metrics[0].successCondition',
      problem:
        '{{args.x}}: its value "0 || true" is outside quotes, and is not a number, a duration or a plain name of this language',
      remedy:
        'put it in quotes, change the value, or set raw: true on the argument in ClusterAnalysisTemplate/limited.spec.args',
    },
  ]);
});

test('nor where the value comes from: a field of the StormService is a value too', () => {
  const parentSays = { ...parent, metadata: { ...parent.metadata, annotations: { limit: code } } };
  const ref = given({ value: undefined, valueFrom: { fieldRef: { fieldPath: 'metadata.annotations.limit' } } });
  const seen = { ...context([], [limited([{ name: 'x' }])]), parent: parentSays };
  expect(problems(ref, seen)).toMatchObject([{ path: expect.stringMatching(/successCondition$/) }]);
  const hash = given({ value: undefined, valueFrom: { podTemplateHashValue: 'Latest' } });
  const changed = { ...context([], [limited([{ name: 'x' }])]), latestRevision: '1 || true' };
  expect(problems(hash, changed)).toMatchObject([{ path: expect.stringMatching(/successCondition$/) }]);
});

test('the author of the template may let an argument be code', () => {
  const raw = limited([{ name: 'x', raw: true }]);
  expect(metrics(given(), context([], [raw]))).toMatchObject([
    { successCondition: `result > ${code}`, provider: prometheus(`up{a="${code}"}`) },
  ]);
});

test.each([
  ['declares', limited([{ name: 'x' }])],
  ['uses', limited([])],
])('a StormService cannot, for one that a template %s', (_, used) => {
  expect(problems(given({ raw: true }), context([], [used]))).toContainEqual({
    path: 'analysis.args[0].raw',
    problem: 'argument "x" is used in ClusterAnalysisTemplate/limited.spec, so only that template may declare it raw',
    remedy: 'remove raw, or give the argument of your own metrics another name',
  });
});

test('nor can a template of its own, for another one', () => {
  const own = template('own', {
    templates: [{ templateName: 'limited', clusterScope: true }],
    args: [{ name: 'x', raw: true }],
    metrics: [{ name: 'own', provider: prometheus('{{args.x}}') }],
  });
  const ref = { ...given(), templates: [{ templateName: 'own', clusterScope: false }] };
  expect(problems(ref, context([own], [limited([{ name: 'x' }])]))).toMatchObject([
    { path: 'ClusterAnalysisTemplate/limited.spec.metrics[0].successCondition' },
  ]);
});

test('a StormService may, for its own metrics', () => {
  const inline = { name: 'own', provider: prometheus('{{args.query}}') };
  const query = { name: 'query', value: 'sum(up) or vector(0)' };
  const ref = { ...given(), args: [{ name: 'x', value: '1' }, query], metrics: [inline] };
  const seen = context([], [limited([{ name: 'x' }])]);
  expect(problems(ref, seen)).toMatchObject([{ path: 'analysis.metrics[0].provider.prometheus.query' }]);
  const raw = {
    ...ref,
    args: [
      { name: 'x', value: '1' },
      { ...query, raw: true },
    ],
  };
  expect(metrics(raw, seen)[1]?.provider).toEqual(prometheus('sum(up) or vector(0)'));
});

test('whole fields are values: an address, a count, an interval; an inline query is in each language', () => {
  const metric = {
    name: '{{args.name}}',
    interval: '{{args.interval}}',
    count: '{{args.count}}',
    successCondition: 'result[0] < {{args.limit}} || result[0] == {{args.limit}}',
    provider: {
      web: {
        url: '{{args.address}}/{{args.path}}?q={{args.text}}',
        method: 'POST',
        headers: [{ key: 'X-Scope', value: 'a {{args.text}}' }],
        jsonBody: { text: '{{args.text}}', list: [{ name: 'a {{args.name}} b' }] },
        jsonPath: "{$.data['{{args.text}}'].{{args.name}}}",
      },
    },
  };
  const values = {
    name: 'rate',
    interval: '30s',
    count: '3',
    limit: '-0.5',
    address: 'http://host/base',
    path: 'a/b',
    text: 'it\'s "x"',
  };
  const args = Object.entries(values).map(([name, value]) => ({ name, value }));
  expect(metrics({ ...none, args, metrics: [metric] }, context([]))).toMatchObject([
    {
      name: 'rate',
      interval: 30,
      count: 3,
      successCondition: 'result[0] < -0.5 || result[0] == -0.5',
      provider: {
        web: {
          url: `http://host/base/a%2Fb?q=it's%20%22x%22`,
          method: 'POST',
          headers: [{ key: 'X-Scope', value: 'a it\'s "x"' }],
          jsonBody: { text: 'it\'s "x"', list: [{ name: 'a rate b' }] },
          jsonPath: `{$.data['it\\'s "x"'].rate}`,
        },
      },
    },
  ]);
});

test('values cannot put a Secret together that the template uses elsewhere', () => {
  const spec = {
    args: [{ name: 'token', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }, { name: 'a' }, { name: 'b' }],
    metrics: [
      {
        name: 'm',
        provider: {
          web: {
            url: 'http://host',
            headers: [
              { key: 'A', value: '{{args.token}}' },
              { key: 'B', value: '{{args.a}}{{args.b}}' },
            ],
          },
        },
      },
    ],
  };
  const args = [
    { name: 'a', value: '{' },
    { name: 'b', value: '{args.token}}' },
  ];
  const ref = { ...given(), args };
  expect(problems(ref, context([], [template('limited', spec, undefined)]))).toMatchObject([
    {
      path: 'ClusterAnalysisTemplate/limited.spec.metrics[0].provider.web.headers[1].value',
      problem: expect.stringContaining('together form'),
    },
  ]);
});

test('of many refused values the first hundred are explained', () => {
  const args = [{ name: 'x', value: 'a b' }];
  const list = Array.from({ length: 1000 }, () => 'a {{args.x}}');
  const provider = { web: { url: 'http://host', jsonBody: { list } } };
  const metrics = ['m', 'n'].map(name => ({ name, interval: '{{args.x}}', provider }));
  expect(problems({ ...none, args, metrics }, context([]))).toHaveLength(100);
});

test('long values cannot make metrics that are too long for everything', () => {
  const text = '{{args.x}}'.repeat(100);
  const args = [{ name: 'x', value: 'a'.repeat(4096) }];
  const inline = { name: 'm', provider: { web: { url: 'http://host', jsonBody: { text } } } };
  expect(problems({ ...none, args, metrics: [inline] }, context([]))).toMatchObject([
    { path: 'analysis.metrics[0].provider.web.jsonBody.text', problem: 'the values of its arguments are too long' },
  ]);
});

describe('from Secrets', () => {
  const secret = { name: 'x', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } };
  const inProvider = (name: string, raw: boolean) =>
    template(name, {
      args: [{ ...secret, ...(raw && { raw }) }],
      metrics: [{ name, provider: prometheus('up{a="{{args.x}}"}') }],
    });
  const using = (...names: string[]) => ({
    ...none,
    templates: names.map(templateName => ({ templateName, clusterScope: false })),
  });

  test.each([
    [false, { arg: 'x', name: 's', key: 'k', escaped: true }],
    [true, { arg: 'x', name: 's', key: 'k' }],
  ])('are escaped later, unless they are raw (%s)', (raw, expected) => {
    const resolved = resolveAnalysis(using('t'), context([inProvider('t', raw)]), 'analysis');
    expect(resolved).toMatchObject({
      ok: true,
      value: { metrics: [{ provider: prometheus('up{a="{{args.x}}"}') }] },
    });
    expect(resolved.ok && resolved.value.secrets).toEqual([expected]);
  });

  test('are used in one way', () => {
    expect(problems(using('t', 'u'), context([inProvider('t', true), inProvider('u', false)]))).toEqual([
      {
        path: 'AnalysisTemplate/u.spec.args',
        problem: 'argument "x" comes from a Secret and is raw in AnalysisTemplate/t.spec only',
        remedy: 'rename the argument in one of the two',
      },
    ]);
  });
});
