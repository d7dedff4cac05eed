import { performance } from 'node:perf_hooks';
import { afterEach, describe, expect, it } from 'vitest';
import { CANARY, json, type Received, type Reply } from '../../../test/analysis/dialect.js';
import { type Answering, certificate, type FakeServer, startServer } from '../../../test/analysis/fakeServer.js';
import type { JsonObject } from '../../metacontroller/object.js';
import type { MeasurementRequest } from '../measurement.js';
import type { Resolver } from './addressGuard.js';
import { parseAllowList } from './allowList.js';
import { createFetcher, type Fetcher } from './fetcher.js';
import { type FetchObserver, silent } from './observer.js';
import type { FetchSettings } from './settings.js';

const NOW = Date.parse('2026-01-31T12:00:00.250Z');
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map(one => one.close()));
});

async function serve(answer: Answering, options: { readonly tls?: boolean } = {}): Promise<FakeServer> {
  const server = await startServer(answer, options);
  open.push(server);
  return server;
}

function fetcherWith(
  settings: Partial<FetchSettings> = {},
  observer: Partial<FetchObserver> = {},
  clock = () => performance.now(),
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

function request(key: string, web: JsonObject, more: Partial<MeasurementRequest> = {}): MeasurementRequest {
  return { key, metric: key, dueAt: NOW, provider: { web }, secrets: {}, ...more };
}

/** A server whose answers are given out by hand. */
async function serveByHand(): Promise<FakeServer & { answerAll(reply: Reply): void }> {
  const waiting: ((reply: Reply) => void)[] = [];
  const server = await serve(() => new Promise<Reply>(resolve => waiting.push(resolve)));
  return Object.assign(server, {
    answerAll: (reply: Reply) => {
      for (const answer of waiting.splice(0)) answer(reply);
    },
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setImmediate(resolve));
}

const one = json(1);

describe('the time that a sync waits', () => {
  it('is over although an answer is not there; the next sync takes it, without waiting', async () => {
    const server = await serveByHand();
    const fetcher = fetcherWith();
    const asked = [request('slow', { url: `${server.address}/` })];

    expect(await fetcher.measure(asked, { waitMs: 500, now: NOW })).toEqual(new Map());
    const before = performance.now();
    expect(await fetcher.measure(asked, { waitMs: 500, now: NOW + 1000 })).toEqual(new Map());
    expect(performance.now() - before).toBeLessThan(400);
    server.answerAll(one);
    await until(() => fetcher.load.underWay === 0);

    const results = await fetcher.measure(asked, { waitMs: 500, now: NOW + 2000 });
    expect(results.get('slow')).toMatchObject({ outcome: 'value', value: 1 });
    expect(results.get('slow')?.at).toBeGreaterThanOrEqual(NOW + 500);
    expect(server.received).toHaveLength(1);
  });

  it('counts from when the question was first put', async () => {
    const server = await serve(() => undefined);
    let clock = 0;
    const fetcher = fetcherWith({}, {}, () => clock);
    const asked = [request('slow', { url: server.address })];
    await fetcher.measure(asked, { waitMs: 0, now: NOW });
    clock = 9000;
    const before = performance.now();
    await fetcher.measure(asked, { waitMs: 10_000, now: NOW + 9000 });
    expect(performance.now() - before).toBeLessThan(5000);
  });

  it('gives quick answers although others are missing', async () => {
    const slow = await serve(() => undefined);
    const quick = await serve(() => one);
    const asked = [request('slow', { url: `${slow.address}/` }), request('quick', { url: `${quick.address}/` })];
    const results = await fetcherWith().measure(asked, { waitMs: 1000, now: NOW });
    expect([...results.keys()]).toEqual(['quick']);
  });

  it('is cut for a target that is slow, so that it holds no other sync', async () => {
    const slow = await serve(() => undefined);
    const fetcher = fetcherWith();
    const ask = async (key: string) => {
      const before = performance.now();
      await fetcher.measure([request(key, { url: `${slow.address}/${key}` })], { waitMs: 1000, now: NOW });
      return performance.now() - before;
    };
    expect(await ask('first')).toBeGreaterThan(990);
    expect(await ask('second')).toBeLessThan(700);
    expect(await ask('third')).toBeLessThan(700);
  });

  it('keeps 200 with healthy metrics at their pace beside 20 whose Prometheus hangs', { timeout: 30_000 }, async () => {
    const hanging = await Promise.all([1, 2].map(() => serve(() => undefined)));
    const healthy = await serve(() => one);
    const fetcher = fetcherWith({ timeoutMs: 5000 });
    const longest = { healthy: 0, hanging: 0 };
    let answered = 0;
    const sync = async (kind: 'healthy' | 'hanging', index: number, round: number) => {
      const address = kind === 'healthy' ? healthy.address : hanging[index % 2]!.address;
      const asked = [
        request(`${kind} ${index} ${round}`, { url: `${address}/${index}` }, { dueAt: NOW + round * 1000 }),
      ];
      const before = performance.now();
      const results = await fetcher.measure(asked, { waitMs: 1000, now: NOW + round * 1000 });
      longest[kind] = Math.max(longest[kind], performance.now() - before);
      if (kind === 'healthy') answered += results.size;
    };
    // Five workers, as Metacontroller has them, and twice every StormService.
    const syncs = [0, 1].flatMap(round => [
      ...Array.from({ length: 20 }, (_, index) => () => sync('hanging', index, round)),
      ...Array.from({ length: 200 }, (_, index) => () => sync('healthy', index, round)),
    ]);
    const before = performance.now();
    const worker = async () => {
      for (let next = syncs.shift(); next; next = syncs.shift()) await next();
    };
    await Promise.all([1, 2, 3, 4, 5].map(worker));
    expect(longest.healthy).toBeLessThan(1000);
    expect(longest.hanging).toBeLessThan(1600);
    // 40 full waits, five at a time, would take 8 s.
    expect(performance.now() - before).toBeLessThan(6000);
    expect(answered).toBe(400);
  });
});

describe('identical questions', () => {
  it('of one second are sent once and answer all', async () => {
    const server = await serve(() => one);
    const shared: string[] = [];
    const fetcher = fetcherWith({}, { shared: provider => shared.push(provider) });
    const asked = ['a', 'b', 'c'].map(key => request(key, { url: `${server.address}/` }));
    const results = await fetcher.measure(asked, { waitMs: 5000, now: NOW });
    const later = await fetcher.measure([request('d', { url: `${server.address}/` }, { dueAt: NOW + 700 })], {
      waitMs: 5000,
      now: NOW + 700,
    });
    expect([...results.keys(), ...later.keys()]).toEqual(['a', 'b', 'c', 'd']);
    expect(server.received).toHaveLength(1);
    expect(shared).toEqual(['web', 'web', 'web']);
  });

  it('are asked again in another second, with other secrets, and when they are not the same', async () => {
    const server = await serve(() => one);
    const url = `${server.address}/`;
    const asked = [
      request('a', { url }),
      request('b', { url }, { dueAt: NOW + 1000 }),
      request('c', { url }, { secrets: { token: 'one' } }),
      request('d', { url }, { secrets: { token: 'two' } }),
      request('e', { url, jsonPath: '$' }),
    ];
    await fetcherWith().measure(asked, { waitMs: 5000, now: NOW });
    expect(server.received).toHaveLength(5);
  });

  it('keep their answer and its time until it is forgotten', async () => {
    const server = await serve(() => one);
    const fetcher = fetcherWith({ maxRemembered: 1 });
    const asked = [request('a', { url: `${server.address}/a` })];
    const first = await fetcher.measure(asked, { waitMs: 5000, now: NOW });
    expect(await fetcher.measure(asked, { waitMs: 5000, now: NOW + 60_000 })).toEqual(first);
    await fetcher.measure([request('b', { url: `${server.address}/b` })], { waitMs: 5000, now: NOW });
    expect(fetcher.load).toEqual({ underWay: 0, remembered: 1 });
    await fetcher.measure(asked, { waitMs: 5000, now: NOW });
    expect(server.received.map(({ path }) => path)).toEqual(['/a', '/b', '/a']);
  });
});

describe('limits', () => {
  it('so many requests at a time to one target', async () => {
    let now = 0;
    let most = 0;
    const server = await serve(async () => {
      most = Math.max(most, ++now);
      await new Promise(resolve => setTimeout(resolve, 5));
      now -= 1;
      return one;
    });
    const asked = Array.from({ length: 20 }, (_, index) => request(`${index}`, { url: `${server.address}/${index}` }));
    const results = await fetcherWith({ requestsPerTarget: 3 }).measure(asked, { waitMs: 5000, now: NOW });
    expect(results.size).toBe(20);
    expect(most).toBe(3);
  });

  it('so many that wait for one target, and so many under way at all', async () => {
    const server = await serve(() => undefined);
    const rejected: number[] = [];
    const fetcher = fetcherWith(
      { requestsPerTarget: 1, waitingPerTarget: 2, maxUnderWay: 4 },
      { rejected: () => rejected.push(1) },
    );
    const asked = Array.from({ length: 6 }, (_, index) => request(`${index}`, { url: `${server.address}/${index}` }));
    const results = await fetcher.measure(asked, { waitMs: 30, now: NOW });
    const messages = [...results.values()].map(result => [result.key, 'message' in result && result.message]);
    expect(messages).toEqual([
      ['3', 'too many queries wait for 127.0.0.1'],
      ['4', 'too many queries are under way: the hook asks again later'],
      ['5', 'too many queries are under way: the hook asks again later'],
    ]);
    expect(rejected).toHaveLength(2);
  });

  it.each([
    ['a body that is too long', { maxAnswerBytes: 10 }, /longer than 10 bytes/, () => json('x'.repeat(20))],
    ['a value that is too long', { maxValueLength: 10 }, /the value takes 22 characters/, () => json('x'.repeat(20))],
    [
      'a compressed body',
      {},
      /is compressed/,
      () => ({ status: 200, body: 'x', headers: { 'content-encoding': 'gzip' } }),
    ],
    [
      'a body nested for ever',
      {},
      /cannot be read/,
      () => ({ status: 200, body: '['.repeat(50_000) + ']'.repeat(50_000) }),
    ],
  ] as const)('refuses %s', async (_, settings, message, answer) => {
    const server = await serve(answer);
    const results = await fetcherWith(settings).measure([request('a', { url: server.address })], {
      waitMs: 5000,
      now: NOW,
    });
    expect(results.get('a')).toMatchObject({ outcome: 'error', message: expect.stringMatching(message) });
  });

  it('asks for no compression, whatever the metric says', async () => {
    const server = await serve(() => one);
    const headers = [
      { key: 'Accept-Encoding', value: 'gzip' },
      { key: 'Host', value: 'elsewhere' },
      { key: 'X-Mine', value: 'yes' },
    ];
    await fetcherWith().measure([request('a', { url: server.address, headers })], { waitMs: 5000, now: NOW });
    const received = server.received[0]!.headers;
    expect(received['accept-encoding']).toBeUndefined();
    expect(received['host']).toBe(server.address.slice('http://'.length));
    expect(received['x-mine']).toBe('yes');
  });
});

describe('secrets', () => {
  it('that a query fetched on its way are shown as little as those it brought along', async () => {
    const server = await serve(({ path, headers }) =>
      json(path === '/token' ? { access_token: 'a-fetched-token' } : { got: String(headers.authorization) }),
    );
    const oauth2 = { tokenUrl: `${server.address}/token`, clientId: 'me', clientSecret: 'mine' };
    const asked = request('a', { url: server.address, jsonPath: '$.got', authentication: { oauth2 } });
    const results = await fetcherWith().measure([asked], { waitMs: 5000, now: NOW });
    expect(results.get('a')).toMatchObject({ value: 'Bearer ***' });
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
    let now = 0;
    const fetcher = fetcherWith({}, {}, () => now);
    const oauth2 = { tokenUrl: `${server.address}/token`, clientId: 'me', clientSecret: 'mine' };
    const value = async (key: string, more: JsonObject = {}) => {
      const url = `${server.address}/${key}`;
      const asked = request(key, { url, authentication: { oauth2: { ...oauth2, ...more } } });
      return (await fetcher.measure([asked], { waitMs: 5000, now: NOW })).get(key);
    };
    expect(await value('a')).toMatchObject({ value: 1 });
    now = 59_000;
    expect(await value('b')).toMatchObject({ value: 1 });
    expect(await value('c', { clientSecret: 'another' })).toMatchObject({ value: 2 });
    now = 61_000;
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

describe('the breaker', () => {
  it('leaves a failing target alone, and no other', async () => {
    const failing = await serve(() => ({ status: 500, body: '' }));
    const healthy = await serve(() => one);
    const changes: string[] = [];
    const fetcher = fetcherWith(
      { breaker: { failures: 3, openMs: 60_000 } },
      { breakerChanged: (target, state) => changes.push(`${target} ${state}`) },
    );
    const ask = async (address: string, key: string) => {
      const results = await fetcher.measure([request(key, { url: `${address}/${key}` })], { waitMs: 5000, now: NOW });
      const result = results.get(key);
      return result?.outcome === 'error' ? result.message : result?.value;
    };
    for (const key of ['1', '2', '3']) expect(await ask(failing.address, key)).toBe('127.0.0.1 answered HTTP 500');
    expect(await ask(failing.address, '4')).toBe('127.0.0.1 has failed repeatedly and is left alone for a moment');
    expect(failing.received).toHaveLength(3);
    expect(changes).toEqual([`${failing.address} open`]);
    expect(await ask(healthy.address, '5')).toBe(1);
  });

  it('does not open because of answers that are only wrong', async () => {
    const server = await serve(() => ({ status: 404, body: '' }));
    const fetcher = fetcherWith({ breaker: { failures: 1, openMs: 60_000 } });
    for (const key of ['1', '2'])
      await fetcher.measure([request(key, { url: `${server.address}/${key}` })], { waitMs: 5000, now: NOW });
    expect(server.received).toHaveLength(2);
  });
});

describe('an endpoint check', () => {
  const breaker = { failures: 1, openMs: 60_000 };
  const check = async (fetcher: Fetcher, key: string, url: string) => {
    const asked = request(key, {}, { provider: { http: { url } } });
    return (await fetcher.measure([asked], { waitMs: 5000, now: NOW })).get(key);
  };

  it('of an unhealthy endpoint is answered by it, however often', async () => {
    const server = await serve(() => ({ status: 503, body: '' }));
    const fetcher = fetcherWith({ breaker });
    for (const key of ['1', '2', '3']) {
      expect(await check(fetcher, key, `${server.address}/${key}`)).toMatchObject({ value: { status: 503 } });
    }
  });

  it('does not fail because others get no answer to their queries', async () => {
    const server = await serve(({ path }) => ({ status: path === '/healthz' ? 200 : 500, body: '' }));
    const fetcher = fetcherWith({ breaker });
    await fetcher.measure([request('q', { url: `${server.address}/metrics` })], { waitMs: 5000, now: NOW });
    const healthy = await check(fetcher, 'a', `${server.address}/healthz`);
    expect(healthy).toMatchObject({ value: { status: 200 } });
  });

  it('does not wait behind queries that hang', async () => {
    const hang = new Promise<Reply>(() => undefined);
    const server = await serve(({ path }) => (path === '/healthz' ? json(1) : hang));
    const fetcher = fetcherWith({ requestsPerTarget: 1 });
    await fetcher.measure([request('q', { url: `${server.address}/metrics` })], { waitMs: 50, now: NOW });
    const healthy = await check(fetcher, 'a', `${server.address}/healthz`);
    expect(healthy).toMatchObject({ value: { status: 200 } });
  });

  it('that was never sent is an error, and no failure', async () => {
    const server = await serve(() => new Promise<Reply>(() => undefined));
    const fetcher = fetcherWith({ requestsPerTarget: 1 });
    const hanging = request('h', {}, { provider: { http: { url: `${server.address}/slow` } }, timeoutSeconds: 60 });
    const waiting = request('w', {}, { provider: { http: { url: server.address } }, timeoutSeconds: 0.05 });
    const results = await fetcher.measure([hanging, waiting], { waitMs: 300, now: NOW });
    expect(results.get('w')).toMatchObject({ outcome: 'error', message: expect.stringContaining('not sent in time') });
  });

  it('of one that is down has failed, however often it is asked', async () => {
    const fetcher = fetcherWith({ breaker });
    for (const key of ['1', '2']) {
      expect(await check(fetcher, key, `http://127.0.0.1:1/${key}`)).toMatchObject({ value: { status: 0 } });
    }
  });
});

describe('redirects', () => {
  it('are followed three times, without credentials to another origin', async () => {
    const last = await serve(() => one);
    const first = await serve(({ path }) => ({
      status: 302,
      body: '',
      headers: { location: path === '/2' ? `${last.address}/end` : `/${Number(path.slice(1)) + 1}` },
    }));
    const web = { url: `${first.address}/0`, headers: [{ key: 'Authorization', value: CANARY }] };
    const results = await fetcherWith().measure([request('a', web)], { waitMs: 5000, now: NOW });
    expect(results.get('a')).toMatchObject({ value: 1 });
    expect(first.received.map(({ headers }) => headers.authorization)).toEqual([CANARY, CANARY, CANARY]);
    expect(last.received.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('are not followed for ever', async () => {
    const server = await serve(() => ({ status: 302, body: '', headers: { location: '/again' } }));
    const results = await fetcherWith().measure([request('a', { url: server.address })], { waitMs: 5000, now: NOW });
    expect(results.get('a')).toMatchObject({ message: '127.0.0.1 redirects more than 3 times' });
    expect(server.received).toHaveLength(4);
  });
});

describe('names', () => {
  /** Resolves every name to what is next on the list. */
  function resolving(...addresses: string[]): { readonly asked: string[]; readonly resolve: Resolver } {
    const asked: string[] = [];
    const resolve = ((host: string, _: object, done: (error: null, found: object[]) => void) => {
      asked.push(host);
      done(null, [{ address: addresses.shift() ?? '0.0.0.0', family: 4 }]);
    }) as Resolver;
    return { asked, resolve };
  }

  async function ask(url: string, resolve: Resolver | undefined, settings: Partial<FetchSettings> = {}) {
    const fetcher = createFetcher({ settings, ...(resolve && { resolve }) });
    open.push(fetcher);
    return (await fetcher.measure([request('a', { url })], { waitMs: 5000, now: NOW })).get('a');
  }

  it('that lead to loopback are not called', async () => {
    const server = await serve(() => one);
    const url = server.address.replace('127.0.0.1', 'localhost');
    expect(await ask(url, undefined)).toMatchObject({ message: 'localhost leads to a loopback address: not called' });
    expect(server.received).toEqual([]);
  });

  it('are called at the very address that was judged, so that a second answer changes nothing', async () => {
    const server = await serve(() => one);
    const allowed = parseAllowList('127.0.0.1');
    const { asked, resolve } = resolving('127.0.0.1', '169.254.169.254');
    const url = server.address.replace('127.0.0.1', 'rebinding.example');
    expect(await ask(url, resolve, allowed.ok ? { allow: allowed.list } : {})).toMatchObject({ value: 1 });
    expect(asked).toEqual(['rebinding.example']);
    expect(server.received[0]?.headers.host).toBe(new URL(url).host);
  });

  it('are judged again behind a redirect', async () => {
    const server = await serve(() => ({ status: 302, body: '', headers: { location: 'http://inside.example/' } }));
    const allowed = parseAllowList('127.0.0.1');
    const { resolve } = resolving('169.254.169.254');
    const result = await ask(server.address, resolve, allowed.ok ? { allow: allowed.list } : {});
    expect(result).toMatchObject({ message: 'inside.example is not in ANALYSIS_ALLOW: not called' });
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
  it('are taken out of values and of messages', async () => {
    const server = await serve(({ headers }: Received) => json({ echo: `you are ${headers.authorization}` }));
    const secrets = { 'args.token': CANARY };
    const web = { url: server.address, headers: [{ key: 'Authorization', value: CANARY }] };
    const results = await fetcherWith().measure(
      [request('value', web, { secrets }), request('message', { url: `http://${CANARY}.invalid/` }, { secrets })],
      { waitMs: 5000, now: NOW },
    );
    expect(results.get('value')).toMatchObject({ value: { echo: 'you are ***' } });
    expect(JSON.stringify([...results])).not.toContain(CANARY);
  });

  it('in an address are sent as basic authentication and not shown', async () => {
    const server = await serve(() => ({ status: 500, body: '' }));
    const url = server.address.replace('http://', `http://reader:${CANARY}@`);
    const results = await fetcherWith().measure([request('a', { url })], { waitMs: 5000, now: NOW });
    expect(server.received[0]?.headers.authorization).toBe(`Basic ${btoa(`reader:${CANARY}`)}`);
    expect(results.get('a')).toMatchObject({ message: '127.0.0.1 answered HTTP 500' });
  });
});

describe('what cannot be asked', () => {
  it.each([
    [{}, /^provider must be exactly one of prometheus, web/],
    [{ web: { url: 'http://a' }, http: { url: 'http://a' } }, /^provider must be exactly one of/],
    [{ smoke: {} }, /^provider must be exactly one of/],
    [{ web: {} }, /^web\.url is missing$/],
    [{ web: { url: 'no url' } }, /^the address is not a URL$/],
    [{ web: { url: 'file:///etc/passwd' } }, /^only http and https addresses are called$/],
    [
      { web: { url: 'http://127.0.0.1', headers: [{ key: 'a b', value: 'c' }] } },
      /^the address or a header cannot be sent$/,
    ],
    [
      { web: { url: 'http://127.0.0.1', headers: [{ key: 'x', value: 'a\r\nInjected: b' }] } },
      /^the address or a header cannot be sent$/,
    ],
    [{ web: { url: 'http://127.0.0.1:1/' } }, /^no connection to 127\.0\.0\.1 \(ECONNREFUSED\)$/],
    [{ web: { url: 'http://no-such-name.invalid/' } }, /^no-such-name\.invalid cannot be resolved \(E[A-Z_]+\)$/],
  ])('%j', async (provider, message) => {
    const parsed = parseAllowList('127.0.0.1, no-such-name.invalid');
    const fetcher = fetcherWith(parsed.ok ? { allow: parsed.list } : {});
    const results = await fetcher.measure([request('a', {}, { provider })], { waitMs: 5000, now: NOW });
    expect(results.get('a')).toMatchObject({ outcome: 'error', message: expect.stringMatching(message) });
  });

  it.each([
    [{ timeoutSeconds: 0.05 }, {}],
    [{}, { timeoutSeconds: 0.05 }],
  ])("gives up at the metric's or the check's own time limit: %j %j", async (web, more) => {
    const server = await serve(() => undefined);
    const results = await fetcherWith().measure([request('a', { url: server.address, ...web }, more)], {
      waitMs: 5000,
      now: NOW,
    });
    expect(results.get('a')).toMatchObject({ message: '127.0.0.1 did not answer within 0.05 s' });
  });
});

describe('closing', () => {
  it('gives back what waits, without results, and asks nothing more', async () => {
    const server = await serve(() => undefined);
    const fetcher = fetcherWith();
    const waiting = fetcher.measure([request('a', { url: server.address })], { waitMs: 60_000, now: NOW });
    await until(() => server.received.length === 1);
    await fetcher.close();
    expect(await waiting).toEqual(new Map());
    expect(await fetcher.measure([request('b', { url: server.address })], { waitMs: 60_000, now: NOW })).toEqual(
      new Map(),
    );
    expect(server.received).toHaveLength(1);
  });
});
