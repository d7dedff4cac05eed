import { expect, test } from 'vitest';
import { problemsOf } from '../../../test/api/refused.js';
import { context, metric, steps } from '../../../test/api/specs.js';
import { readSpec } from '../../api/readSpec.js';
import { providers } from '../registry.js';
import { providerNames } from './index.js';

test('every provider that can be asked can be written, and the other way round', () => {
  const asked = providers.map(({ name }) => name).filter(name => name !== 'http');
  expect([...providerNames].sort()).toEqual(asked.sort());
});

const address = 'http://metrics:9090';

test.each<Record<string, object>>([
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
