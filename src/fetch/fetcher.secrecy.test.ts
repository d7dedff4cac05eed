import { describe, expect, it } from 'vitest';
import { CANARY, json, type Received } from '../../test/analysis/dialect.js';
import { certificate } from '../../test/analysis/fakeServer.js';
import { closeAll, fetcherWith, NOW, one, request, serve } from '../../test/analysis/fetching.js';
import { ManualClock } from '../../test/analysis/manualClock.js';
import type { JsonObject } from '../schema/json.js';

closeAll();

describe('secrets', () => {
  it('that a query fetched on its way are shown as little as those it brought along', async () => {
    const server = await serve(({ path, headers }) =>
      json(path === '/token' ? { access_token: 'a-fetched-token' } : { got: String(headers.authorization) }),
    );
    const oauth2 = { tokenUrl: `${server.address}/token`, clientId: 'me', clientSecret: 'mine' };
    const asked = request('a', { url: server.address, jsonPath: '$.got', authentication: { oauth2 } });
    const results = await fetcherWith().measure([asked], { waitMs: 5000, now: NOW });
    expect(results.get('a')).toMatchObject({ shown: '***' });
  });

  it('that end in a new line can be sent, and an answer may begin with a byte order mark', async () => {
    const server = await serve(({ headers }) => ({ status: 200, body: `\ufeff"${headers['x-key']}"` }));
    const asked = request('a', { url: server.address, headers: [{ key: 'X-Key', value: 'mine\n' }] });
    const results = await fetcherWith().measure([asked], { waitMs: 5000, now: NOW });
    expect(results.get('a')).toMatchObject({ value: 'mine' });
  });

  it('that were fetched are used again until they end or are refused', async () => {
    let refused = '';
    let issued = 0;
    const server = await serve(({ path, headers }) => {
      if (path === '/token') return json({ access_token: `token-${++issued}`, expires_in: 90 });
      return headers.authorization === refused ? { status: 401, body: '' } : json(issued);
    });
    const clock = new ManualClock();
    const fetcher = fetcherWith({}, {}, clock);
    const oauth2 = { tokenUrl: `${server.address}/token`, clientId: 'me', clientSecret: 'mine' };
    const value = async (key: string, more: JsonObject = {}) => {
      const url = `${server.address}/${key}`;
      const asked = request(key, { url, authentication: { oauth2: { ...oauth2, ...more } } });
      return (await fetcher.measure([asked], { waitMs: 5000, now: NOW })).get(key);
    };
    expect(await value('a')).toMatchObject({ value: 1 });
    clock.pass(59_000);
    expect(await value('b')).toMatchObject({ value: 1 });
    expect(await value('c', { clientSecret: 'another' })).toMatchObject({ value: 2 });
    clock.pass(2000);
    expect(await value('d')).toMatchObject({ value: 3 });
    refused = 'Bearer token-3';
    expect(await value('e')).toMatchObject({ value: 4 });
    refused = 'Bearer token-5';
    expect(await value('f', { scopes: ['x'] })).toMatchObject({ message: '127.0.0.1 answered HTTP 401' });
  });

  it('in an address may hold a per cent sign', async () => {
    const server = await serve(({ headers }) => json(String(headers.authorization)));
    const asked = request('a', { url: server.address.replace('//', '//me:50%off@') });
    const results = await fetcherWith().measure([asked], { waitMs: 5000, now: NOW });
    expect(results.get('a')).toMatchObject({ value: `Basic ${Buffer.from('me:50%off').toString('base64')}` });
  });
});

describe('TLS', () => {
  const ask = async (address: string, web: JsonObject) =>
    (await fetcherWith().measure([request('a', { url: address, ...web })], { waitMs: 5000, now: NOW })).get('a');

  it('trusts the CA that the metric names, for its name and for its address', async () => {
    const server = await serve(() => one, { tls: true });
    expect(await ask(server.address, { tls: { ca: certificate } })).toMatchObject({ value: 1 });
    expect(await ask(server.address.replace('127.0.0.1', 'localhost'), { tls: { ca: certificate } })).toMatchObject({
      value: 1,
    });
    expect(await ask(server.address.replace('127.0.0.1', '127.0.0.2'), { tls: { ca: certificate } })).toMatchObject({
      message: expect.stringMatching(/^(TLS with|no connection to) 127\.0\.0\.2/),
    });
  });

  it('is not checked when the metric says so, for that metric alone', async () => {
    const server = await serve(() => one, { tls: true });
    const fetcher = fetcherWith();
    const asked = [
      request('open', { url: server.address, insecure: true }),
      request('checked', { url: server.address }),
    ];
    const results = await fetcher.measure(asked, { waitMs: 5000, now: NOW });
    expect(results.get('open')).toMatchObject({ value: 1 });
    expect(results.get('checked')).toMatchObject({ message: expect.stringContaining('TLS with 127.0.0.1 failed') });
  });

  it('says when the CA is none', async () => {
    const server = await serve(() => one, { tls: true });
    expect(await ask(server.address, { tls: { ca: CANARY } })).toMatchObject({
      message: 'tls.ca is not a PEM certificate',
    });
  });
});

describe('secrets', () => {
  it('are taken out of what is shown of values, and of messages', async () => {
    const server = await serve(({ headers }: Received) => json({ echo: `you are ${headers.authorization}` }));
    const secrets = { 'args.token': CANARY };
    const web = { url: server.address, headers: [{ key: 'Authorization', value: CANARY }] };
    const results = await fetcherWith().measure(
      [request('value', web, { secrets }), request('message', { url: `http://${CANARY}.invalid/` }, { secrets })],
      { waitMs: 5000, now: NOW },
    );
    // Conditions are given the value itself, and nothing else is.
    expect(results.get('value')).toMatchObject({ value: { echo: `you are ${CANARY}` }, shown: ['***'] });
    const shown = [...results.values()].map(result => (result.outcome === 'value' ? result.shown : result.message));
    expect(JSON.stringify(shown)).not.toContain(CANARY);
  });

  it('in an address are sent as basic authentication and not shown', async () => {
    const server = await serve(() => ({ status: 500, body: '' }));
    const url = server.address.replace('http://', `http://reader:${CANARY}@`);
    const results = await fetcherWith().measure([request('a', { url })], { waitMs: 5000, now: NOW });
    expect(server.received[0]?.headers.authorization).toBe(`Basic ${btoa(`reader:${CANARY}`)}`);
    expect(results.get('a')).toMatchObject({ message: '127.0.0.1 answered HTTP 500' });
  });
});
