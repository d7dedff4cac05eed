/**
 * Whole rollouts over HTTP that ask every provider with secrets. No value of a Secret may come out of the hook: in no
 * answer, no log line, no metric; also when the metrics system sends back all that it was sent.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllowList } from '../../src/fetch/allowList.js';
import { createFetcher, type Fetcher } from '../../src/fetch/fetcher.js';
import { createHook } from '../../src/hook/hook.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { secretNameOf } from '../../src/providers/providers.js';
import { httpHook } from '../../src/sandbox/metacontroller/httpHook.js';
import { createSandbox } from '../../src/sandbox/sandbox.js';
import { VirtualClock } from '../../src/sandbox/time/virtualClock.js';
import type { JsonObject } from '../../src/schema/json.js';
import { observeFetching } from '../../src/server/fetchMetrics.js';
import { createMetrics } from '../../src/server/metrics.js';
import { rolloutOf, stormService, untilPhase } from '../rollouts/world.js';
import { type TestServer, testServer } from '../testServer.js';
import { CANARY, type Dialect, json, type Received, type Reply } from './dialect.js';
import { dialects } from './dialects/all.js';
import { web } from './dialects/web.js';
import { type FakeServer, startServer } from './fakeServer.js';

type Behaviour = 'answers' | 'sends everything back' | 'fails with everything';

/** As it is, and as base64 has it wherever it stands in a longer text. */
const forms = [
  CANARY,
  ...[0, 1, 2].map(shift =>
    Buffer.from(`${' '.repeat(shift)}${CANARY}`)
      .toString('base64')
      .slice(4, -4),
  ),
  Buffer.from(CANARY).toString('hex'),
];

let clock: VirtualClock;
let behaviour: Behaviour;
let present: Dialect;
let fake: FakeServer;
let fetcher: Fetcher;
let server: TestServer;
let url: string;
const answers: string[] = [];
let redacted = false;

function everything({ headers, body, query, path }: Received): string {
  return JSON.stringify({ headers, body, query: [...query], path });
}

/** In every place where a provider may look for a value or a message. */
function echo(request: Received, status: number): Reply {
  // Status shows the beginning of a value.
  const text = `${request.headers.authorization} ${everything(request)}`;
  const found = { value: text, rate: text, message: text, error: text, errors: [text], series: [text], result: [text] };
  const body = { ...found, status: 'error', errorType: text, data: { ...found, result: text, actor: { nrql: text } } };
  return { ...json(body, status), headers: { 'content-type': 'application/json', 'x-echo': CANARY } };
}

beforeAll(async () => {
  fake = await startServer(request => {
    if (behaviour === 'answers') return present.answer(request, 'value');
    return echo(request, behaviour === 'fails with everything' ? 500 : 200);
  });
  const allowed = parseAllowList('127.0.0.1');
  if (!allowed.ok) throw new Error(allowed.problem);
  const metrics = createMetrics({ now: () => 0, version: '1.2.3', ttl: 1e9, maxStormServices: 100 });
  fetcher = createFetcher({
    settings: { allow: allowed.list },
    observer: observeFetching(metrics.registry, () => fetcher.load),
  });
  clock = new VirtualClock();
  const hook = createHook({ applyStrategy: 'dynamic-apply' }, () => clock.now(), { fetcher, waitMs: 5000 });
  server = testServer({ hook, metrics });
  url = await server.listen();
}, 30_000);

afterAll(async () => {
  await fetcher.close();
  await server.shutdown();
  await fake.close();
});

function secretObject(name: string, values: Readonly<Record<string, string>>): KubeObject {
  const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'default', labels: { 'orchestration.aibrix.io/analysis': 'true' } },
    data: Object.fromEntries(data),
  };
}

/** What stands in the dialect's spec as a secret becomes an argument from a Secret. */
function providerOf(dialect: Dialect): JsonObject {
  const spec = JSON.stringify(dialect.spec(fake.address)).replaceAll(CANARY, '{{args.token}}');
  return { [dialect.name]: JSON.parse(spec) };
}

async function rollOut(dialect: Dialect): Promise<string> {
  const provider = providerOf(dialect);
  const sandbox = createSandbox({ hook: httpHook({ url }), clock });
  sandbox.on(event => {
    if (event.type === 'sync') answers.push(JSON.stringify(event.sync.answer ?? event.sync.failure?.message));
  });
  const metric = { name: 'm', consecutiveErrorLimit: 0, successCondition: 'false', failureCondition: 'true', provider };
  const args = [{ name: 'token', valueFrom: { secretKeyRef: { name: 'token', key: 'token' } } }];
  const steps = [{ setWeight: 50 }, { analysis: { args, metrics: [metric] } }];
  await sandbox.apply(secretObject('token', { token: CANARY }));
  const own = secretNameOf(provider);
  if (own !== undefined) await sandbox.apply(secretObject(own, dialect.secrets?.(fake.address) ?? {}));
  await sandbox.apply(stormService({ replicas: 2, rolloutStrategy: { canary: { steps } } }));
  await untilPhase(sandbox, 'Healthy');
  await sandbox.setImage('my-app', 'web', 'app:2');
  await untilPhase(sandbox, 'Degraded');
  const { abort } = await rolloutOf(sandbox);
  await sandbox.close();
  return String((abort as JsonObject)['reason']);
}

const withPassword: Dialect = {
  ...web,
  spec: address => ({
    url: `${address}/measure`,
    authentication: { basicAuth: { username: 'reader', password: CANARY } },
    jsonPath: '{$.data.rate}',
  }),
  answer: () => json({ data: { rate: 1 } }),
};

/** A plain endpoint check reads no answer and belongs to no metric. */
const asking = [...dialects.filter(([name]) => name !== 'http'), ['web with a password', withPassword] as const];

describe.each(asking)('%s', (_, dialect) => {
  it.each<Behaviour>(['answers', 'sends everything back', 'fails with everything'])('%s', async what => {
    [present, behaviour] = [dialect, what];
    const before = fake.received.length;
    const reason = await rollOut(dialect);
    expect(fake.received.length).toBeGreaterThan(before);
    const asked = fake.received.slice(before).map(everything).join();
    if (what === 'answers') expect(reason).toBe('AnalysisFailed');
    const hasSecret = JSON.stringify([dialect.spec(''), dialect.secrets?.('') ?? {}]).includes(CANARY);
    // The secret has gone to where it belongs, or what is made of it.
    if (hasSecret) expect(asked).toMatch(/canary-5f0c1d9e|Basic |AWS4-HMAC-SHA256/);

    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('analysis_query_duration_seconds');
    expect(server.log().length).toBeGreaterThan(0);
    for (const form of forms) {
      expect(answers.filter(answer => answer.includes(form))).toEqual([]);
      expect(server.log()).not.toContain(form);
      expect(metrics).not.toContain(form);
    }
    redacted ||= answers.some(answer => answer.includes('***'));
    answers.length = 0;
  });
});

it('what came back was shown, and its secrets were not', () => {
  expect(redacted).toBe(true);
});
