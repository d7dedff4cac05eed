import { expect, it } from 'vitest';
import { problemsOf } from '../../test/api/refused.js';
import { context, metric, steps } from '../../test/api/specs.js';
import { readSpec } from '../api/readSpec.js';
import { compileCondition } from '../condition/condition.js';
import type { Json, JsonObject } from '../schema/json.js';
import { impliedConditions } from './providers.js';

function judge(provider: JsonObject, value: Json): Record<string, boolean> {
  const judged = Object.entries(impliedConditions(provider)).map(([name, text]) => {
    const compiled = compileCondition(text, name);
    const judgement = compiled.ok ? compiled.value.judge(value) : undefined;
    if (!judgement?.ok) throw new Error(`${text} cannot be judged`);
    return [name, judgement.holds] as const;
  });
  return Object.fromEntries(judged);
}

it.each([
  [200, true],
  [204, true],
  [301, false],
  [503, false],
])('a webhook that answers %i passes: %s', (status, successCondition) => {
  expect(judge({ webhook: { url: 'http://a' } }, { status })).toEqual({ successCondition });
});

it.each([
  [95.5, true, false],
  [90, true, false],
  [89.9, false, false],
  [75, false, false],
  [74.9, false, true],
])('a score of %d succeeds: %s, fails: %s', (score, successCondition, failureCondition) => {
  expect(judge({ kayenta: { threshold: { pass: 90, marginal: '75' } } }, score)).toEqual({
    successCondition,
    failureCondition,
  });
});

it('a webhook has them whatever else of it is not known yet', () => {
  expect(impliedConditions({ webhook: { timeoutSeconds: '{{args.secret}}' } })).toHaveProperty('successCondition');
});

it('a score without a readable threshold has none: it is refused', () => {
  expect(() => impliedConditions({ kayenta: { threshold: { pass: '{{args.secret}}', marginal: 75 } } })).toThrow(
    'kayenta.threshold.pass must be an integer',
  );
});

it('others have none', () => {
  expect(impliedConditions({ prometheus: {} })).toEqual({});
});

const address = 'http://metrics:9090';

it.each<Record<string, object>>([
  { prometheus: { address, query: 'up', timeout: 5, rangeQuery: { start: 'now() - duration("5m")', step: '30s' } } },
  { prometheus: { address, query: 'up', tls: { ca: 'x' }, authentication: { bearer: { token: '{{args.token}}' } } } },
  { prometheus: { address: '{{args.address}}', query: 'up', headers: [{ key: 'X-Scope', value: 'a' }] } },
  { web: { url: 'https://a/b', method: 'POST', jsonBody: { a: 1 }, jsonPath: '$.value', timeoutSeconds: 3 } },
  { webhook: { url: 'https://judge', metadata: { type: 'bash' } } },
  {
    datadog: {
      apiVersion: 'v2',
      queries: { a: 'avg:x{*}' },
      formula: 'a',
      aggregator: 'avg',
      secretRef: { name: 'dd' },
    },
  },
  { newRelic: { profile: 'nr', query: 'FROM x SELECT y', timeout: 5 } },
  {
    cloudWatch: {
      metricDataQueries: [{ id: 'a', metricStat: { metric: { metricName: 'm' }, period: 60, stat: 'Sum' } }],
    },
  },
  { graphite: { address, query: 'a.b' } },
  { influxdb: { profile: 'p', query: 'from(bucket: "a")' } },
  { wavefront: { address: 'example.wavefront.com', query: 'ts(a)' } },
  { skywalking: { address, query: 'query q {}', interval: '3m' } },
  { dynatrace: { query: 'builtin:service.response.time', resolution: 'Inf' } },
])('%j', provider => {
  const args = [
    { name: 'address', value: address },
    { name: 'token', valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } },
  ];
  expect(problemsOf(readSpec(steps({ analysis: { args, metrics: [metric({ provider })] } }), context))).toEqual([]);
});
