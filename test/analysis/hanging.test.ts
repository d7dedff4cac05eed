/**
 * The real server, over HTTP, beside a Prometheus that takes questions and never answers. Syncs come as Metacontroller
 * makes them: five at a time, again when status changed, and when the answer asked for it. Time passes only when each
 * sync under way waits for the Prometheus that hangs, and so only waiting takes time.
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
import { ManualClock } from './manualClock.js';

const WORKERS = 5;
const SECONDS = 7;
const INTERVAL_SECONDS = 3;
const STATUS_LATENCY_MS = 20;
const WAIT_MS = 1000;

const clock = new ManualClock();
/** Of the clock, as Unix time: where the rollout has got to before. */
let epoch = 0;

interface Service {
  readonly hangs: boolean;
  request: SyncRequest;
  dueAt: number;
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
  fetcher = createFetcher({ settings: { allow: allowed.list }, clock });
  const hook = createHook({ applyStrategy: 'dynamic-apply' }, () => epoch + clock.now(), { fetcher, waitMs: WAIT_MS });
  server = testServer({ hook });
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
    if (event.type !== 'sync') return;
    last = event.sync.request;
    epoch = event.at;
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
  return { hangs, request: { ...request, parent: { ...request.parent, metadata } }, dueAt: 0 };
}

async function sync(service: Service, took: number[]): Promise<void> {
  const began = clock.now();
  const response = await fetch(`${url}/sync`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(service.request),
  });
  const answer = (await response.json()) as SyncAnswer;
  took.push(clock.now() - began);
  expect(response.status).toBe(200);
  const { parent } = service.request;
  const changed = JSON.stringify(answer.status) !== JSON.stringify(parent['status']);
  const status = answer.status as JsonObject;
  service.request = { ...service.request, parent: { ...parent, status } };
  const next = changed ? STATUS_LATENCY_MS : (answer.resyncAfterSeconds ?? 60) * 1000;
  service.dueAt = clock.now() + next;
}

async function work(services: readonly Service[], took: number[]): Promise<void> {
  const end = clock.now() + SECONDS * 1000;
  const running = new Set<Service>();
  while (clock.now() < end || running.size > 0) {
    const idle = services.filter(service => !running.has(service));
    const next = idle.reduce((first, each) => (each.dueAt < first.dueAt ? each : first), idle[0]!);
    const free = running.size < WORKERS && clock.now() < end;
    const waits = clock.timers.filter(ms => ms <= WAIT_MS).length;
    if (free && next.dueAt <= clock.now()) {
      running.add(next);
      void sync(next, took).finally(() => running.delete(next));
    } else if (waits === running.size && [...running].every(({ hangs }) => hangs)) {
      clock.pass(Math.min(clock.next, free ? next.dueAt - clock.now() : Number.POSITIVE_INFINITY));
    } else {
      await new Promise(resolve => setImmediate(resolve));
    }
  }
}

function runOf({ request }: Service): RunView {
  const { analysisRuns } = request.parent['status'] as { analysisRuns: readonly RunView[] };
  return analysisRuns.at(-1)!;
}

it('no sync takes long, and 40 healthy ones keep their pace beside 4 that hang', async () => {
  const template = JSON.stringify(await midRollout());
  const services = Array.from({ length: 44 }, (_, index) => serviceOf(template, index, index % 11 === 0));
  const took: number[] = [];
  await work(services, took);

  expect(services.filter(({ hangs }) => hangs)).toHaveLength(4);
  expect(hanging.received.length).toBeGreaterThan(0);
  expect(Math.max(...took)).toBe(WAIT_MS);
  const measured = services.filter(({ hangs }) => !hangs).map(runOf);
  // The measurement of before, one when it began, and one for each interval since.
  const least = 2 + Math.floor(SECONDS / INTERVAL_SECONDS);
  const counts = measured.map(({ metrics }) => Number(metrics[0]?.['successful'] ?? 0));
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(least);
  expect(measured.every(({ phase, metrics }) => phase === 'Running' && metrics[0]?.['error'] === undefined)).toBe(true);
  expect(services.filter(({ hangs }) => hangs).every(service => runOf(service).phase === 'Running')).toBe(true);
}, 300_000);
