import { describe, expect, it } from 'vitest';
import { json, type Reply } from '../../test/analysis/dialect.js';
import { closeAll, fetcherWith, NOW, one, open, request, serve, until } from '../../test/analysis/fetching.js';
import { ManualClock } from '../../test/analysis/manualClock.js';
import type { Resolver } from './addressGuard.js';
import { parseAllowList } from './allowList.js';
import { createFetcher, type Fetcher } from './fetcher.js';
import type { FetchSettings } from './settings.js';

closeAll();

describe('a target that fails', () => {
  it.each([500, 503, 429])(
    'with HTTP %i is asked by everybody else, and by the same namespace for other metrics',
    async status => {
      const server = await serve(({ path }) => (path === '/bad' ? { status, body: '' } : one));
      const fetcher = fetcherWith();
      const ask = async (key: string, path: string, owner = 'shop') => {
        const asked = request(key, { url: `${server.address}${path}` }, { owner, dueAt: NOW + Number(key) * 1000 });
        return (await fetcher.measure([asked], { waitMs: 5000, now: NOW })).get(key);
      };
      for (let times = 0; times < 20; times++) {
        expect(await ask(String(times), '/bad')).toMatchObject({ message: `127.0.0.1 answered HTTP ${status}` });
      }
      expect(await ask('20', '/good')).toMatchObject({ value: 1 });
      expect(await ask('20', '/good', 'bank')).toMatchObject({ value: 1 });
    },
  );

  it('by not answering is slow for whoever asked it so, and for nobody else', async () => {
    const hang = new Promise<Reply>(() => undefined);
    const server = await serve(({ path }) => (path === '/slow' ? hang : one));
    const fetcher = fetcherWith({ requestsPerTarget: 2, waitingPerTarget: 3 });
    const slow = Array.from({ length: 9 }, (_, index) =>
      request(
        `${index}`,
        { url: `${server.address}/slow`, headers: [{ key: 'n', value: `${index}` }] },
        { owner: 'hostile' },
      ),
    );
    const theirs = await fetcher.measure(slow, { waitMs: 0, now: NOW });
    await until(() => server.received.length === 2);
    expect([...theirs.values()].every(({ outcome }) => outcome === 'postponed')).toBe(true);
    const mine = await fetcher.measure([request('mine', { url: server.address })], { waitMs: 5000, now: NOW });
    expect(mine.get('mine')).toMatchObject({ value: 1 });
  });
});

describe('an endpoint check', () => {
  const check = async (fetcher: Fetcher, key: string, url: string) => {
    const asked = request(key, {}, { provider: { http: { url } } });
    return (await fetcher.measure([asked], { waitMs: 5000, now: NOW })).get(key);
  };

  it('of an unhealthy endpoint is answered by it, however often', async () => {
    const server = await serve(() => ({ status: 503, body: '' }));
    const fetcher = fetcherWith();
    for (const key of ['1', '2', '3']) {
      expect(await check(fetcher, key, `${server.address}/${key}`)).toMatchObject({ value: { status: 503 } });
    }
  });

  it('does not fail because others get no answer to their queries', async () => {
    const server = await serve(({ path }) => ({ status: path === '/healthz' ? 200 : 500, body: '' }));
    const fetcher = fetcherWith();
    await fetcher.measure([request('q', { url: `${server.address}/metrics` })], { waitMs: 5000, now: NOW });
    const healthy = await check(fetcher, 'a', `${server.address}/healthz`);
    expect(healthy).toMatchObject({ value: { status: 200 } });
  });

  it('does not wait behind queries that hang', async () => {
    const hang = new Promise<Reply>(() => undefined);
    const server = await serve(({ path }) => (path === '/healthz' ? json(1) : hang));
    const fetcher = fetcherWith({ requestsPerTarget: 1 });
    await fetcher.measure([request('q', { url: `${server.address}/metrics` })], { waitMs: 0, now: NOW });
    await until(() => server.received.length === 1);
    const healthy = await check(fetcher, 'a', `${server.address}/healthz`);
    expect(healthy).toMatchObject({ value: { status: 200 } });
  });

  it('that was never sent is postponed, and no failure', async () => {
    const server = await serve(() => new Promise<Reply>(() => undefined));
    const clock = new ManualClock();
    const fetcher = fetcherWith({ requestsPerTarget: 1 }, {}, clock);
    const hanging = request('h', {}, { provider: { http: { url: `${server.address}/slow` } }, timeoutSeconds: 60 });
    const waiting = request('w', {}, { provider: { http: { url: server.address } }, timeoutSeconds: 0.05 });
    const results = fetcher.measure([hanging, waiting], { waitMs: 300, now: NOW });
    await until(() => server.received.length === 1);
    clock.pass(50);
    await until(() => fetcher.load.underWay === 1);
    clock.pass(250);
    expect((await results).get('w')).toMatchObject({
      outcome: 'postponed',
      message: expect.stringContaining('not sent in time'),
    });
  });

  it('of one that is down has failed, however often it is asked', async () => {
    const fetcher = fetcherWith();
    for (const key of ['1', '2']) {
      expect(await check(fetcher, key, `http://127.0.0.1:1/${key}`)).toMatchObject({ value: { status: 0 } });
    }
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
    const fetcher = createFetcher({ settings, clock: new ManualClock(), ...(resolve && { resolve }) });
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
});
