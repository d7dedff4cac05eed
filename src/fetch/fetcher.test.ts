import { describe, expect, it } from 'vitest';
import { closeAll, fetcherWith, NOW, one, request, serve, serveByHand, until } from '../../test/analysis/fetching.js';
import { ManualClock } from '../../test/analysis/manualClock.js';
import { parseAllowList } from './allowList.js';

closeAll();

describe('the time that a sync waits', () => {
  it('is over although an answer is not there; the next sync takes it, without waiting', async () => {
    const server = await serveByHand();
    const clock = new ManualClock();
    const fetcher = fetcherWith({}, {}, clock);
    const asked = [request('slow', { url: `${server.address}/` })];

    const waiting = fetcher.measure(asked, { waitMs: 500, now: NOW });
    await until(() => server.received.length === 1);
    clock.pass(500);
    expect(await waiting).toEqual(new Map());
    expect(await fetcher.measure(asked, { waitMs: 500, now: NOW + 1000 })).toEqual(new Map());
    server.answerAll(one);
    await until(() => fetcher.load.underWay === 0);

    const results = await fetcher.measure(asked, { waitMs: 500, now: NOW + 2000 });
    expect(results.get('slow')).toMatchObject({ outcome: 'value', value: 1, at: NOW + 500 });
    expect(server.received).toHaveLength(1);
  });

  it('counts from when the question was first put', async () => {
    const server = await serve(() => undefined);
    const clock = new ManualClock();
    const fetcher = fetcherWith({}, {}, clock);
    const asked = [request('slow', { url: server.address })];
    await fetcher.measure(asked, { waitMs: 0, now: NOW });
    clock.pass(4000);
    const waiting = fetcher.measure(asked, { waitMs: 10_000, now: NOW + 4000 });
    await until(() => clock.timers.includes(6000));
    clock.pass(6000);
    expect(await waiting).toEqual(new Map());
  });

  it('gives quick answers although others are missing', async () => {
    const slow = await serve(() => undefined);
    const quick = await serve(() => one);
    const clock = new ManualClock();
    const fetcher = fetcherWith({}, {}, clock);
    const asked = [request('slow', { url: `${slow.address}/` }), request('quick', { url: `${quick.address}/` })];
    const waiting = fetcher.measure(asked, { waitMs: 1000, now: NOW });
    await until(() => fetcher.load.underWay === 1);
    clock.pass(1000);
    expect([...(await waiting).keys()]).toEqual(['quick']);
  });

  it('is cut for a target that is slow, so that it holds no other sync', async () => {
    const slow = await serve(() => undefined);
    const clock = new ManualClock();
    const fetcher = fetcherWith({}, {}, clock);
    for (const [key, ms] of [
      ['first', 1000],
      ['second', 100],
      ['third', 100],
    ] as const) {
      const waiting = fetcher.measure([request(key, { url: `${slow.address}/${key}` })], { waitMs: 1000, now: NOW });
      await until(() => clock.timers.includes(ms));
      clock.pass(ms);
      expect(await waiting).toEqual(new Map());
    }
  });

  it('keeps 200 with healthy metrics at their pace beside 20 whose Prometheus hangs', async () => {
    const hanging = await Promise.all([1, 2].map(() => serve(() => undefined)));
    const healthy = await serve(() => one);
    const clock = new ManualClock();
    const fetcher = fetcherWith({}, {}, clock);
    const busy = { healthy: 0, hanging: 0 };
    let answered = 0;
    const sync = async (kind: 'healthy' | 'hanging', index: number, round: number) => {
      const address = kind === 'healthy' ? healthy.address : hanging[index % 2]!.address;
      const web = { url: `${address}/${index}` };
      const asked = [request(`${kind} ${index} ${round}`, web, { dueAt: NOW + round * 1000 })];
      busy[kind] += 1;
      const results = await fetcher.measure(asked, { waitMs: 1000, now: NOW + round * 1000 });
      busy[kind] -= 1;
      if (kind === 'healthy') answered += results.size;
    };
    // Five workers, as Metacontroller has them, and twice every StormService.
    const syncs = [0, 1].flatMap(round => [
      ...Array.from({ length: 20 }, (_, index) => () => sync('hanging', index, round)),
      ...Array.from({ length: 200 }, (_, index) => () => sync('healthy', index, round)),
    ]);
    let workers = 5;
    const work = async () => {
      for (let next = syncs.shift(); next; next = syncs.shift()) await next();
      workers -= 1;
    };
    const done = Promise.all([1, 2, 3, 4, 5].map(work));
    await until(() => {
      // Healthy ones need no time to pass; it passes when every worker waits for one that hangs.
      const waits = clock.timers.filter(ms => ms <= 1000).length;
      if (workers > 0 && busy.healthy === 0 && waits === busy.hanging) clock.pass(clock.next);
      return workers === 0;
    });
    await done;
    // 40 full waits, five at a time, would take 8 s.
    expect(clock.now()).toBeLessThan(2000);
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

  it('are each asked of their own StormService and revision, however far the rollout has come meanwhile', async () => {
    const server = await serve(() => one);
    const url = `${server.address}/`;
    const rollout = { name: 'a', namespace: 'shop', revision: 'r1', step: 1, phase: 'Progressing' };
    const asked = [
      request('a', { url }, { rollout }),
      request('a again', { url }, { rollout: { ...rollout, step: 2, phase: 'Paused' } }),
      request('b', { url }, { rollout: { ...rollout, name: 'b' } }),
      request('c', { url }, { rollout: { ...rollout, revision: 'r2' } }),
    ];
    await fetcherWith().measure(asked, { waitMs: 5000, now: NOW });
    expect(server.received).toHaveLength(3);
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

describe('what cannot be asked', () => {
  it.each([
    [{}, /^provider must be exactly one of prometheus, web/],
    [{ web: { url: 'http://a' }, http: { url: 'http://a' } }, /^provider must be exactly one of/],
    [{ smoke: {} }, /^provider must be exactly one of/],
    [{ web: {} }, /^web\.url is required$/],
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
    const clock = new ManualClock();
    const asked = request('a', { url: server.address, ...web }, more);
    const waiting = fetcherWith({}, {}, clock).measure([asked], { waitMs: 5000, now: NOW });
    await until(() => server.received.length === 1);
    clock.pass(50);
    expect((await waiting).get('a')).toMatchObject({ message: '127.0.0.1 did not answer within 0.05 s' });
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
