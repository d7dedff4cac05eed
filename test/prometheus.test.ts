/** The Prometheus provider against a real Prometheus (Debian's package), with TLS and basic authentication. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllowList } from '../src/fetch/allowList.js';
import { createFetcher, type Fetcher } from '../src/fetch/fetcher.js';
import type { MeasurementResult } from '../src/fetch/measurement.js';
import type { JsonObject } from '../src/schema/json.js';
import { CANARY } from './analysis/dialect.js';
import { certificate, type FakeServer, startServer } from './analysis/fakeServer.js';
import { isInstalled, type RealPrometheus, startPrometheus, tellIfMissing } from './analysis/realPrometheus.js';

tellIfMissing('test/prometheus.test.ts');

/** bcrypt of CANARY with the least cost. */
const PASSWORD_HASH = '$2b$04$abcdefghijklmnopqrstuuQaf1dRi8CNar9qrsyfiQIQS2t01i8U6';

const METRICS = [
  '# TYPE requests_total counter',
  'requests_total{code="200"} 90',
  'requests_total{code="500"} 10',
  '# TYPE queue_depth gauge',
  'queue_depth NaN',
  '',
].join('\n');

describe.skipIf(!isInstalled)('a real Prometheus', () => {
  let pods: FakeServer;
  let prometheus: RealPrometheus;
  let address: string;
  let fetcher: Fetcher;
  let second = 0;

  async function ask(query: string, more: JsonObject = {}): Promise<MeasurementResult> {
    const now = Date.now();
    const spec = { address, query, tls: { ca: certificate }, ...authentication(CANARY), ...more };
    // Each time due in another second, so that nothing is remembered.
    const request = {
      key: 'key',
      owner: 'shop',
      metric: 'metric',
      dueAt: second++ * 1000,
      provider: { prometheus: spec },
      secrets: {},
    };
    const result = (await fetcher.measure([request], { waitMs: 5000, now })).get('key');
    if (!result) throw new Error('no result');
    expect(JSON.stringify(result)).not.toContain(CANARY);
    return result;
  }

  const authentication = (password: string) => ({ authentication: { basicAuth: { username: 'reader', password } } });

  beforeAll(async () => {
    pods = await startServer(() => ({
      status: 200,
      body: METRICS,
      headers: { 'content-type': 'text/plain; version=0.0.4' },
    }));
    const targets = `[{targets: ['${new URL(pods.address).host}']}]`;
    const tls = (name: string) => fileURLToPath(new URL(`./analysis/tls/localhost.${name}`, import.meta.url));
    prometheus = await startPrometheus({
      files: () => ({
        'prometheus.yml': `scrape_configs: [{job_name: pods, scrape_interval: 100ms, scrape_timeout: 100ms, static_configs: ${targets}}]\n`,
        'web.yml': `tls_server_config: {cert_file: '${tls('crt')}', key_file: '${tls('key')}'}\nbasic_auth_users: {reader: '${PASSWORD_HASH}'}\n`,
      }),
      flags: directory => [`--web.config.file=${directory}/web.yml`],
    });
    address = `https://127.0.0.1:${prometheus.port}`;
    const parsed = parseAllowList('127.0.0.1');
    if (!parsed.ok) throw new Error(parsed.problem);
    fetcher = createFetcher({ settings: { allow: parsed.list } });
    await scraped(3);
  }, 30_000);

  async function scraped(samples: number): Promise<void> {
    for (;;) {
      const result = await ask('count_over_time(up[1m])');
      if (result.outcome === 'value' && Array.isArray(result.value) && Number(result.value[0]) >= samples) return;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  afterAll(async () => {
    await fetcher?.close();
    await prometheus?.stop();
    await pods?.close();
  });

  it.each<[string, string, unknown]>([
    ['a vector', 'sum(requests_total{code="500"}) / sum(requests_total)', [0.1]],
    ['several series, in the order of Prometheus', 'sort(requests_total)', [10, 90]],
    ['nothing that matches', 'requests_total{code="404"}', []],
    ['NaN', 'queue_depth', [Number.NaN]],
    [
      'infinities',
      'sort(vector(1) / 0 or label_replace(vector(-1) / 0, "a", "b", "", ""))',
      [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    ],
    ['a scalar', 'scalar(sum(requests_total))', 100],
  ])('answers: %s', async (_, query, value) => {
    expect(await ask(query)).toMatchObject({ outcome: 'value', value });
  });

  it('answers a range', async () => {
    const rangeQuery = { start: 'now() - duration("10s")', end: 'now()', step: '5s' };
    expect(await ask('vector(1)', { rangeQuery })).toMatchObject({ outcome: 'value', value: [1, 1, 1] });
  });

  it('says what is wrong with a query', async () => {
    expect(await ask('sum(')).toMatchObject({ outcome: 'error', message: 'Prometheus answered HTTP 400 (bad_data)' });
    expect(await ask('"text"')).toMatchObject({ outcome: 'error', message: expect.stringContaining('resultType') });
    expect(await ask('requests_total * on() requests_total')).toMatchObject({
      message: 'Prometheus answered HTTP 422 (execution)',
    });
  });

  it('lets nobody in with another password, nor without its CA', async () => {
    expect(await ask('up', authentication('another'))).toMatchObject({ message: 'Prometheus answered HTTP 401' });
    expect(await ask('up', { tls: {} })).toMatchObject({
      message: expect.stringMatching(/^TLS with 127\.0\.0\.1 failed/),
    });
    expect(await ask('up', { tls: {}, insecure: true })).toMatchObject({ outcome: 'value', value: [1] });
  });
});
