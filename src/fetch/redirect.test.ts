import { expect, it } from 'vitest';
import { CANARY, json, type Received } from '../../test/analysis/dialect.js';
import { closeAll, fetcherWith, NOW, request, serve } from '../../test/analysis/fetching.js';
import type { JsonObject } from '../schema/json.js';

closeAll();

const ADVICE = 'which is not followed; write its target in the metric:';

async function redirected(location: string, { status = 302, path = '/here/q', web = {}, secret = CANARY } = {}) {
  const server = await serve(() => ({ status, body: '', headers: location === '' ? {} : { location } }));
  const asked = request(
    'a',
    { url: `${server.address}${path}`, ...(web as JsonObject) },
    { secrets: { token: secret } },
  );
  const result = (await fetcherWith().measure([asked], { waitMs: 5000, now: NOW })).get('a');
  expect(result).toMatchObject({ outcome: 'error' });
  expect(server.received).toHaveLength(1);
  const message = result?.outcome === 'error' ? result.message : '';
  return { address: server.address, message };
}

it.each([301, 302, 303, 307, 308])('HTTP %i is an error that names the target', async status => {
  const { message } = await redirected('https://b.example:8443/api/v1', { status });
  expect(message).toBe(`127.0.0.1 redirects (HTTP ${status}), ${ADVICE} https://b.example:8443/api/v1`);
});

it.each([
  ['/there', '/there'],
  ['there', '/here/there'],
  ['../up?key=1#part', '/up'],
])('%s is resolved against the address', async (location, path) => {
  const { address, message } = await redirected(location);
  expect(message).toBe(`127.0.0.1 redirects (HTTP 302), ${ADVICE} ${address}${path}`);
});

it('a POST is not sent again', async () => {
  const web = { method: 'POST', jsonBody: { a: 1 } };
  expect((await redirected('/there', { status: 307, web })).message).toMatch(/redirects \(HTTP 307\), .*\/there$/);
});

it.each(['', 'http://', 'https://[::', 'file:///etc/passwd', 'javascript:alert(1)'])(
  'leads nowhere: %j',
  async location => {
    const { message } = await redirected(location);
    expect(message).toBe('127.0.0.1 redirects (HTTP 302) without a usable Location');
  },
);

it.each([
  ['as user information', `https://me:${CANARY}@b.example/x`, CANARY, 'https://b.example/x'],
  ['in the query and the fragment', `https://b.example/x?token=${CANARY}#${CANARY}`, CANARY, 'https://b.example/x'],
  ['as a part of the path', `https://b.example/${CANARY}/x`, CANARY, 'https://b.example/***/x'],
  ['as a part of the host', `https://${CANARY}.example/x`, CANARY, 'https://***.example/x'],
  ['with characters that are encoded', 'https://b.example/pa|ss"word/x', 'pa|ss"word', 'https://b.example/***/x'],
  ['with a question mark', 'https://b.example/pass?word', 'pass?word', 'https://b.example/***'],
])('a secret %s is not shown', async (_, location, secret, shown) => {
  const { message } = await redirected(location, { secret });
  expect(message).toBe(`127.0.0.1 redirects (HTTP 302), ${ADVICE} ${shown}`);
});

it('a secret in the own address is not shown by a relative target', async () => {
  const { address, message } = await redirected('x', { path: '/pa|ss"word/y', secret: 'pa|ss"word' });
  expect(message).toBe(`127.0.0.1 redirects (HTTP 302), ${ADVICE} ${address}/***/x`);
});

it('a relative target of a secret address shows its path', async () => {
  const server = await serve(() => ({ status: 302, body: '', headers: { location: '/x' } }));
  const asked = request('a', { url: server.address }, { secrets: { address: server.address } });
  const results = await fetcherWith().measure([asked], { waitMs: 5000, now: NOW });
  expect(results.get('a')).toMatchObject({ message: `127.0.0.1 redirects (HTTP 302), ${ADVICE} http://***/x` });
});

it('a hostile target is shown in part and encoded', async () => {
  const { message } = await redirected(`http://b.example/\u00e9\u009b<b>\t${'x'.repeat(10_000)}`);
  expect(message).toMatch(/^[\x20-\x7e]{300}$/);
  expect(message).toContain(`${ADVICE} http://b.example/%`);
});

it('a token endpoint that redirects is named', async () => {
  const answer = ({ path }: Received) =>
    path === '/token' ? { status: 301, body: '', headers: { location: '/oauth/token' } } : json(1);
  const server = await serve(answer);
  const oauth2 = { tokenUrl: `${server.address}/token`, clientId: 'me', clientSecret: CANARY };
  const asked = request('a', { url: server.address, authentication: { oauth2 } });
  const results = await fetcherWith().measure([asked], { waitMs: 5000, now: NOW });
  expect(results.get('a')).toHaveProperty('message', expect.stringMatching(/HTTP 301.*\/oauth\/token$/));
});

it('an endpoint check yields the status', async () => {
  const server = await serve(() => ({ status: 302, body: '', headers: { location: '/login' } }));
  const asked = request('a', {}, { provider: { http: { url: server.address } } });
  const results = await fetcherWith().measure([asked], { waitMs: 5000, now: NOW });
  expect(results.get('a')).toMatchObject({ value: { status: 302 } });
});
