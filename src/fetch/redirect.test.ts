import { expect, it } from 'vitest';
import { CANARY, json, type Received } from '../../test/analysis/dialect.js';
import { closeAll, fetcherWith, NOW, request, serve } from '../../test/analysis/fetching.js';
import type { JsonObject } from '../schema/json.js';

closeAll();

const ADVICE = 'which is not followed; write its target in the metric:';

interface Redirected {
  readonly status?: number;
  readonly path?: string;
  readonly web?: JsonObject;
  readonly secrets?: Readonly<Record<string, string>>;
}

async function redirected(
  location: string,
  { status = 302, path = '/here/q', web = {}, secrets = {} }: Redirected = {},
) {
  const server = await serve(() => ({ status, body: '', headers: location === '' ? {} : { location } }));
  const asked = request('a', { url: `${server.address}${path}`, ...web }, { secrets });
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

it('leaves out credentials, query and fragment', async () => {
  const { message } = await redirected('https://me:word@b.example/x?token=t#f');
  expect(message).toBe(`127.0.0.1 redirects (HTTP 302), ${ADVICE} https://b.example/x`);
});

it.each(['https://b.example/x', `https://b.example/${CANARY}/x`, `https://${CANARY}.example/x`, 'x'])(
  'is not shown to a query that was made with a Secret',
  async location => {
    const { message } = await redirected(location, { secrets: { token: CANARY } });
    expect(message).toBe(`127.0.0.1 redirects (HTTP 302), ${ADVICE} not shown, because the query uses a Secret`);
  },
);

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
