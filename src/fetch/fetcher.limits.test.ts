import { describe, expect, it } from 'vitest';
import { json } from '../../test/analysis/dialect.js';
import { closeAll, fetcherWith, NOW, one, request, serve, serveByHand, until } from '../../test/analysis/fetching.js';
import { ManualClock } from '../../test/analysis/manualClock.js';

closeAll();

describe('limits', () => {
  it('so many requests at a time to one target', async () => {
    const server = await serveByHand();
    const asked = Array.from({ length: 8 }, (_, index) => request(`${index}`, { url: `${server.address}/${index}` }));
    const waiting = fetcherWith({ requestsPerTarget: 3 }).measure(asked, { waitMs: 5000, now: NOW });
    for (const sent of [3, 6, 8]) {
      await until(() => server.received.length >= sent);
      expect(server.received).toHaveLength(sent);
      server.answerAll(one);
    }
    expect((await waiting).size).toBe(8);
  });

  it('so many that wait for one target, and so many under way at all', async () => {
    const server = await serve(() => undefined);
    const postponed: string[] = [];
    const clock = new ManualClock();
    const fetcher = fetcherWith(
      { requestsPerTarget: 1, waitingPerTarget: 2, underWay: { each: 4, all: 4, always: 1 } },
      { postponed: provider => postponed.push(provider) },
      clock,
    );
    const asked = Array.from({ length: 6 }, (_, index) => request(`${index}`, { url: `${server.address}/${index}` }));
    const waiting = fetcher.measure(asked, { waitMs: 30, now: NOW });
    await until(() => fetcher.load.underWay === 3);
    clock.pass(30);
    const results = [...(await waiting).values()];
    expect(results.map(result => [result.key, result.outcome, 'message' in result && result.message])).toEqual([
      ['3', 'postponed', 'too many queries in this namespace are waiting for 127.0.0.1'],
      ['4', 'postponed', 'too many queries are in progress, in this namespace or overall'],
      ['5', 'postponed', 'too many queries are in progress, in this namespace or overall'],
    ]);
    expect(postponed).toEqual(['web', 'web', 'web']);
  });

  it('nobody can take so much that others get nothing', async () => {
    const server = await serve(({ path }) => (path === '/tarpit' ? undefined : one));
    const fetcher = fetcherWith({ underWay: { each: 3, all: 4, always: 1 }, requestsPerTarget: 50 });
    const tarpit = (owner: string) =>
      Array.from({ length: 5 }, (_, index) =>
        request(`${owner}${index}`, { url: `${server.address}/tarpit`, jsonPath: `$[${index}]` }, { owner }),
      );
    await fetcher.measure([...tarpit('a'), ...tarpit('b')], { waitMs: 0, now: NOW });
    await until(() => server.received.length === 4);
    const mine = await fetcher.measure([request('mine', { url: server.address })], { waitMs: 5000, now: NOW });
    expect(mine.get('mine')).toMatchObject({ value: 1 });
  });

  it('what was postponed is asked again, and what it took is free again', async () => {
    const server = await serveByHand();
    const fetcher = fetcherWith({ underWay: { each: 1, all: 1, always: 1 } });
    const ask = (key: string) =>
      fetcher.measure([request(key, { url: `${server.address}/${key}` })], { waitMs: 5000, now: NOW });
    const first = ask('first');
    await until(() => server.received.length === 1);
    expect((await ask('second')).get('second')).toMatchObject({ outcome: 'postponed' });
    server.answerAll(one);
    expect((await first).get('first')).toMatchObject({ value: 1 });
    const again = ask('second');
    await until(() => server.received.length === 2);
    server.answerAll(one);
    expect((await again).get('second')).toMatchObject({ value: 1 });
  });

  it('bytes that are read at a time: more are postponed, and no error', async () => {
    const server = await serve(() => json('x'.repeat(600)));
    const fetcher = fetcherWith({ reading: { each: 1000, all: 1500, always: 0 } });
    const ask = async (key: string) =>
      (await fetcher.measure([request(key, { url: `${server.address}/${key}` })], { waitMs: 5000, now: NOW })).get(key);
    for (const key of ['1', '2', '3']) expect(await ask(key)).toMatchObject({ outcome: 'value' });
    const small = fetcherWith({ reading: { each: 500, all: 1500, always: 0 } });
    const results = await small.measure([request('4', { url: server.address })], { waitMs: 5000, now: NOW });
    expect(results.get('4')).toMatchObject({
      outcome: 'postponed',
      message: 'too many responses are being read at the moment',
    });
  });

  it.each([
    ['a body that is too long', { maxAnswerBytes: 10 }, /longer than 10 bytes/, () => json('x'.repeat(20))],
    ['a value that is too long', { maxValueLength: 10 }, /the value takes 22 characters/, () => json('x'.repeat(20))],
    [
      'a body of too many values',
      {},
      /more than 50000 values/,
      () => ({ status: 200, body: `[${'[],'.repeat(30_000)}1]` }),
    ],
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

  it('one sync gets as many results as it can take, and the next one the others', async () => {
    const server = await serve(() => json('x'.repeat(600)));
    const fetcher = fetcherWith({ maxBytesAtOnce: 1500 });
    const ask = async (...keys: readonly string[]) => {
      const asked = keys.map(key => request(key, { url: `${server.address}/${key}` }));
      return [...(await fetcher.measure(asked, { waitMs: 5000, now: NOW })).keys()];
    };
    expect(await ask('1', '2', '3', '4')).toEqual(['1', '2']);
    expect(await ask('3', '4')).toEqual(['3', '4']);
    expect(server.received).toHaveLength(4);
    expect(
      await fetcherWith({ maxBytesAtOnce: 10 }).measure([request('1', { url: server.address })], {
        waitMs: 5000,
        now: NOW,
      }),
    ).toHaveProperty('size', 1);
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
