/** A fetcher that may reach this machine, and servers for it to ask; all closed after each test. Its time stands still. */
import { afterEach } from 'vitest';
import { parseAllowList } from '../../src/fetch/allowList.js';
import type { MonotonicClock } from '../../src/fetch/clock.js';
import { createFetcher, type Fetcher } from '../../src/fetch/fetcher.js';
import type { MeasurementRequest } from '../../src/fetch/measurement.js';
import { type FetchObserver, silent } from '../../src/fetch/observer.js';
import type { FetchSettings } from '../../src/fetch/settings.js';
import type { JsonObject } from '../../src/schema/json.js';
import { json, type Reply } from './dialect.js';
import { type Answering, type FakeServer, startServer } from './fakeServer.js';
import { ManualClock } from './manualClock.js';

export const NOW = Date.parse('2026-01-31T12:00:00.250Z');
export const open: { close(): Promise<void> }[] = [];

/** To be called once in a test file. */
export function closeAll(): void {
  afterEach(async () => {
    await Promise.all(open.splice(0).map(each => each.close()));
  });
}

export async function serve(answer: Answering, options: { readonly tls?: boolean } = {}): Promise<FakeServer> {
  const server = await startServer(answer, options);
  open.push(server);
  return server;
}

export function fetcherWith(
  settings: Partial<FetchSettings> = {},
  observer: Partial<FetchObserver> = {},
  clock: MonotonicClock = new ManualClock(),
): Fetcher {
  const parsed = parseAllowList('127.0.0.0/8, localhost');
  if (!parsed.ok) throw new Error(parsed.problem);
  const fetcher = createFetcher({
    settings: { allow: parsed.list, ...settings },
    observer: { ...silent, ...observer },
    clock,
  });
  open.push(fetcher);
  return fetcher;
}

export function request(key: string, web: JsonObject, more: Partial<MeasurementRequest> = {}): MeasurementRequest {
  return { key, owner: 'shop', metric: key, dueAt: NOW, provider: { web }, secrets: {}, ...more };
}

/** A server whose answers are given out by hand. */
export async function serveByHand(): Promise<FakeServer & { answerAll(reply: Reply): void }> {
  const waiting: ((reply: Reply) => void)[] = [];
  const server = await serve(() => new Promise<Reply>(resolve => waiting.push(resolve)));
  return Object.assign(server, {
    answerAll: (reply: Reply) => {
      for (const answer of waiting.splice(0)) answer(reply);
    },
  });
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setImmediate(resolve));
}

export const one = json(1);
