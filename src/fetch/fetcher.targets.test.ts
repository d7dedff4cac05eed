import { describe, expect, it } from 'vitest';
import { json, type Reply } from '../../test/analysis/dialect.js';
import { closeAll, fetcherWith, NOW, one, open, request, serve, until } from '../../test/analysis/fetching.js';
import { ManualClock } from '../../test/analysis/manualClock.js';
import type { Resolver } from './addressGuard.js';
import { parseAllowList } from './allowList.js';
import { createFetcher, type Fetcher } from './fetcher.js';
import type { FetchSettings } from './settings.js';

closeAll();

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
    await fetcher.measure([request('q', { url: `${server.address}/metrics` })], { waitMs: 0, now: NOW });
    await until(() => server.received.length === 1);
    const healthy = await check(fetcher, 'a', `${server.address}/healthz`);
    expect(healthy).toMatchObject({ value: { status: 200 } });
  });

  it('that was never sent is an error, and no failure', async () => {
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
      outcome: 'error',
      message: expect.stringContaining('not sent in time'),
    });
  });

  it('of one that is down has failed, however often it is asked', async () => {
    const fetcher = fetcherWith({ breaker });
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
