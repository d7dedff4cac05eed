/** A metric or health check whose address is that of a hook. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { FORWARDED } from '../../src/schema/forwarded.js';
import type { JsonObject } from '../../src/schema/json.js';
import { VIA } from '../../src/schema/via.js';
import { fixture } from '../fixture.js';
import { type TestServer, testServer } from '../testServer.js';
import { json } from './dialect.js';
import { closeAll, fetcherWith, NOW, request, serve } from './fetching.js';

closeAll();

const sync = vi.fn(async () => ({ status: {}, children: [] }));
let server: TestServer;
let url: string;

beforeAll(async () => {
  server = testServer({ hook: { sync } });
  url = await server.listen();
});

afterAll(() => server.shutdown());

async function ask(provider: JsonObject) {
  const asked = request('k', {}, { provider });
  return (await fetcherWith().measure([asked], { waitMs: 5000, now: NOW })).get('k');
}

it('reads no metrics of it', async () => {
  expect((await fetch(`${url}/metrics`)).status).toBe(200);
  expect(await ask({ web: { url: `${url}/metrics` } })).toMatchObject({
    outcome: 'error',
    message: '127.0.0.1 answered HTTP 508',
  });
  expect(await ask({ prometheus: { address: url, query: 'up' } })).toMatchObject({ outcome: 'error' });
});

it('calls no hook, whatever headers the author writes', async () => {
  const headers = ['via', 'Via', 'VIA'].map(key => ({ key, value: '1.1 proxy' }));
  const web = { url: `${url}/sync`, method: 'POST', jsonBody: { parent: {} }, headers };
  expect(await ask({ web })).toMatchObject({ outcome: 'error', message: '127.0.0.1 answered HTTP 508' });
  expect(sync).not.toHaveBeenCalled();
});

it('takes no part among the replicas of the hook, whatever headers the author writes', async () => {
  const marks = [FORWARDED, FORWARDED.toUpperCase()].map(key => ({ key, value: '1' }));
  const web = { url: `${url}/sync`, method: 'POST', jsonBody: { parent: {} }, headers: marks };
  expect(await ask({ web })).toMatchObject({ outcome: 'error', message: '127.0.0.1 answered HTTP 508' });
  expect(sync).not.toHaveBeenCalled();
  const elsewhere = await serve(({ headers }) => json({ marked: Object.keys(headers).includes(FORWARDED) }));
  const asked = { web: { ...web, url: elsewhere.address, jsonPath: '{$.marked}' } };
  expect(await ask(asked)).toMatchObject({ outcome: 'value', value: false });
});

it('is refused with the mark of a replica too', async () => {
  const headers = { 'content-type': 'application/json', via: VIA, [FORWARDED]: '1' };
  const body = JSON.stringify(fixture('sync-first'));
  expect((await fetch(`${url}/sync`, { method: 'POST', headers, body })).status).toBe(508);
  expect(sync).not.toHaveBeenCalled();
});

it('is no endpoint that is healthy', async () => {
  expect(await ask({ http: { url: `${url}/healthz` } })).toMatchObject({ value: { status: 508 } });
});
