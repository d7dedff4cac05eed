/**
 * The real server, over HTTP, beside a Prometheus that takes questions and never answers. Syncs come as Metacontroller
 * makes them: five at a time, again when status changed, and when the answer asked for it.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAllowList } from '../../src/fetch/allowList.js';
import { createFetcher, type Fetcher } from '../../src/fetch/fetcher.js';
import { createHook } from '../../src/hook/hook.js';
import type { SyncAnswer, SyncRequest } from '../../src/metacontroller/hook.js';
import type { JsonObject } from '../../src/schema/json.js';
import { measuredHealthy } from '../rollouts/analysis/measured.js';
import type { RunView } from '../rollouts/analysis/runs.js';
import { untilPhase } from '../rollouts/world.js';
import { type TestServer, testServer } from '../testServer.js';
import { json } from './dialect.js';
import { type FakeServer, startServer } from './fakeServer.js';

const WORKERS = 5;
const SECONDS = 7;
const INTERVAL_SECONDS = 3;
const STATUS_LATENCY_MS = 20;

interface Service {
  readonly hangs: boolean;
  request: SyncRequest;
  dueAt: number;
  busy: boolean;
}

interface Timed {
  readonly hangs: boolean;
  readonly ms: number;
}

let healthy: FakeServer;
let hanging: FakeServer;
let fetcher: Fetcher;
let server: TestServer;
let url: string;

beforeAll(async () => {
  const result = [{ metric: {}, value: [0, '1'] }];
  healthy = await startServer(() => json({ status: 'success', data: { resultType: 'vector', result } }));
  hanging = await startServer(() => undefined);
  const allowed = parseAllowList('127.0.0.1');
  if (!allowed.ok) throw new Error(allowed.problem);
  fetcher = createFetcher({ settings: { allow: allowed.list } });
  server = testServer({ hook: createHook({ applyStrategy: 'dynamic-apply' }, Date.now, { fetcher, waitMs: 1000 }) });
  url = await server.listen();
}, 30_000);

afterAll(async () => {
  await fetcher.close();
  await server.shutdown();
  await healthy.close();
  await hanging.close();
});

/** A sync in the middle of a rollout that waits for approval, with a background analysis under way. */
async function midRollout(): Promise<SyncRequest> {
  const provider = { prometheus: { address: 'http://prometheus', query: 'QUERY' } };
  const metrics = [{ name: 'm', interval: `${INTERVAL_SECONDS}s`, successCondition: 'result[0] == 1', provider }];
  const canary = { steps: [{ setWeight: 20 }, { pause: {} }], analysis: { metrics } };
  const { sandbox } = await measuredHealthy({ replicas: 5, rolloutStrategy: { canary } }, () => [1]);
  let last: SyncRequest | undefined;
  sandbox.on(event => {
    if (event.type === 'sync') last = event.sync.request;
  });
  await sandbox.setImage('my-app', 'web', 'app:2');
  await untilPhase(sandbox, 'Paused');
  await sandbox.advance(1);
  return last!;
}

function serviceOf(template: string, index: number, hangs: boolean): Service {
  const address = (hangs ? hanging : healthy).address;
  const text = template.replaceAll('http://prometheus', address).replaceAll('QUERY', `query-${index}`);
  const request: SyncRequest = JSON.parse(text);
  const metadata = { ...request.parent.metadata, uid: `uid-${index}` };
  return { hangs, request: { ...request, parent: { ...request.parent, metadata } }, dueAt: 0, busy: false };
}

async function sync(service: Service, timed: Timed[]): Promise<void> {
  const began = performance.now();
  const response = await fetch(`${url}/sync`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(service.request),
  });
  const answer = (await response.json()) as SyncAnswer;
  timed.push({ hangs: service.hangs, ms: performance.now() - began });
  expect(response.status).toBe(200);
  const { parent } = service.request;
  const changed = JSON.stringify(answer.status) !== JSON.stringify(parent['status']);
  const status = answer.status as JsonObject;
  service.request = { ...service.request, parent: { ...parent, status } };
  const next = changed ? STATUS_LATENCY_MS : (answer.resyncAfterSeconds ?? 60) * 1000;
  service.dueAt = Date.now() + next;
}

async function work(services: readonly Service[], until: number, timed: Timed[]): Promise<void> {
  while (Date.now() < until) {
    const idle = services.filter(({ busy }) => !busy);
    const next = idle.reduce((first, each) => (each.dueAt < first.dueAt ? each : first), idle[0]!);
    if (next.dueAt > Date.now()) {
      await new Promise(resolve => setTimeout(resolve, 10));
      continue;
    }
    next.busy = true;
    await sync(next, timed);
    next.busy = false;
  }
}

function runOf({ request }: Service): RunView {
  const { analysisRuns } = request.parent['status'] as { analysisRuns: readonly RunView[] };
  return analysisRuns.at(-1)!;
}

it('no sync takes long, and 200 healthy ones keep their pace beside 20 that hang', async () => {
  const template = JSON.stringify(await midRollout());
  const services = Array.from({ length: 220 }, (_, index) => serviceOf(template, index, index % 11 === 0));
  const timed: Timed[] = [];
  const until = Date.now() + SECONDS * 1000;
  await Promise.all(Array.from({ length: WORKERS }, () => work(services, until, timed)));

  expect(services.filter(({ hangs }) => hangs)).toHaveLength(20);
  expect(hanging.received.length).toBeGreaterThan(0);
  expect(Math.max(...timed.map(({ ms }) => ms))).toBeLessThan(1500);
  const measured = services.filter(({ hangs }) => !hangs).map(runOf);
  // The measurement of before, one when it began, and one for each interval since.
  const least = 1 + Math.floor(SECONDS / INTERVAL_SECONDS);
  const counts = measured.map(({ metrics }) => Number(metrics[0]?.['successful'] ?? 0));
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(least);
  expect(measured.every(({ phase, metrics }) => phase === 'Running' && metrics[0]?.['error'] === undefined)).toBe(true);
  expect(services.filter(({ hangs }) => hangs).every(service => runOf(service).phase === 'Running')).toBe(true);
}, 60_000);
