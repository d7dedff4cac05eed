import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startTestServer, syncAnswer } from '../../../test/testServer.js';
import type { LargeAnswer } from './answerLarge.js';
import type { LargeCalls } from './largeCalls.js';
import { LARGE } from './size.js';

const fixture = readFileSync('test/fixtures/sync-stable.json', 'utf8');
const large = `${fixture.trimEnd().slice(0, -1)},"more":"${'x'.repeat(LARGE)}"}`;
const json = { 'content-type': 'application/json' };

interface Received {
  readonly hook: string;
  readonly body: string;
  respond(answered: LargeAnswer): void;
}

/** Large calls that are answered by hand. */
function byHand() {
  const received: Received[] = [];
  const arrivals: (() => void)[] = [];
  let isOver = false;
  /** Those before and to come: the server closes when all have been answered. */
  const respondToAll = () => {
    isOver = true;
    for (const { respond } of received) respond(structuredClone(answered));
  };
  const calls: LargeCalls = {
    answer: (hook, body) =>
      new Promise(respond => {
        received.push({ hook, body: body.toString(), respond });
        arrivals.shift()?.();
        if (isOver) respond(structuredClone(answered));
      }),
    close: async () => undefined,
  };
  const next = () => new Promise<void>(arrived => arrivals.push(arrived));
  return { calls, received, next, respondToAll };
}

const answered: LargeAnswer = {
  ok: true,
  parent: { metadata: { name: 'a', namespace: 'b' } },
  json: new TextEncoder().encode('{"status":{}}') as Uint8Array<ArrayBuffer>,
};

const immediately = (all: LargeAnswer, received: string[] = []): LargeCalls => ({
  answer: async hook => {
    received.push(hook);
    return structuredClone(all);
  },
  close: async () => undefined,
});

const post = (url: string, path: string, body: string, signal?: AbortSignal) =>
  fetch(`${url}${path}`, { method: 'POST', headers: json, body, ...(signal && { signal }) });

describe('a large request', () => {
  it('is left to the other thread, and its response passed on', async () => {
    const received: string[] = [];
    const server = await startTestServer({ largeCalls: immediately(answered, received) });
    for (const path of ['/sync', '/customize', '/decorate', '/customize-pods', '/decorate-pods']) {
      const response = await post(server.url, path, large);
      expect([response.status, await response.json()]).toEqual([200, { status: {} }]);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    }
    expect(received).toEqual(['sync', 'customize', 'decorate', 'customize-pods', 'decorate-pods']);
    expect(server.lines()).toMatchObject(Array(5).fill({ namespace: 'b', name: 'a', outcome: 'ok' }));
  });

  it('that is not the case of a small one', async () => {
    const server = await startTestServer({ largeCalls: immediately(answered) });
    expect(await (await post(server.url, '/sync', fixture)).json()).toEqual(syncAnswer);
  });

  it.each<[LargeAnswer, number, object]>([
    [{ ok: false, code: 'SR2003', message: 'no ReplicaSets' }, 400, { code: 'SR2003', outcome: 'refused' }],
    [
      { ok: false, cause: { type: 'TypeError', message: 'broken', stack: 'at step' } },
      500,
      { code: 'SR3001', cause: { type: 'TypeError', message: 'broken', stack: 'at step' } },
    ],
  ])('whose answer is %j', async (failed, status, logged) => {
    const server = await startTestServer({ largeCalls: immediately(failed) });
    const response = await post(server.url, '/sync', large);
    expect(response.status).toBe(status);
    expect(server.lines()[0]).toMatchObject(logged);
  });

  it('whose thread ended is retryable', async () => {
    const largeCalls = { ...immediately(answered), answer: () => Promise.reject(new Error('Worker terminated')) };
    const server = await startTestServer({ largeCalls });
    expect((await post(server.url, '/sync', large)).status).toBe(500);
    expect(server.lines()[0]).toMatchObject({ code: 'SR3001', cause: { message: 'Worker terminated' } });
  });

  it('over the limit is refused before it waits or is read', async () => {
    const { calls, next, respondToAll } = byHand();
    const server = await startTestServer({ largeCalls: calls, env: { BODY_LIMIT: '512Ki' } });
    const arrived = next();
    void post(server.url, '/sync', large).catch(() => undefined);
    await arrived;
    const response = await post(server.url, '/sync', large + ' '.repeat(LARGE));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'SR2005' });
    respondToAll();
  });
});

describe('several large requests', () => {
  it('are read one at a time, in their order', async () => {
    const { calls, received, next } = byHand();
    const server = await startTestServer({ largeCalls: calls });
    const responses = [];
    for (const path of ['/sync', '/customize']) {
      const arrived = responses.length === 0 ? next() : undefined;
      responses.push(post(server.url, path, large));
      await arrived;
    }
    expect(received.map(({ hook }) => hook)).toEqual(['sync']);
    const arrived = next();
    received[0]!.respond(structuredClone(answered));
    await arrived;
    expect(received.map(({ hook }) => hook)).toEqual(['sync', 'customize']);
    received[1]!.respond(structuredClone(answered));
    expect((await Promise.all(responses)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('that are too many are sent away, while small ones are served', async () => {
    const { calls, next, respondToAll } = byHand();
    const server = await startTestServer({ largeCalls: calls });
    const arrived = next();
    const first = post(server.url, '/sync', large);
    await arrived;
    const others = Array.from({ length: 6 }, () => post(server.url, '/sync', large));
    const refused = await Promise.race(others);
    expect([refused.status, await refused.json()]).toEqual([503, expect.objectContaining({ code: 'SR3003' })]);
    expect((await post(server.url, '/sync', fixture)).status).toBe(200);
    respondToAll();
    expect((await first).status).toBe(200);
    const statuses = (await Promise.all(others)).map(({ status }) => status);
    expect(statuses.filter(status => status === 200)).toHaveLength(1);
  });

  it('the next one is read when the caller of the first has gone', async () => {
    const { calls, received, next } = byHand();
    const server = await startTestServer({ largeCalls: calls });
    const leaving = new AbortController();
    const first = next();
    const gone = post(server.url, '/sync', large, leaving.signal);
    await first;
    const second = next();
    const response = post(server.url, '/customize', large);
    leaving.abort();
    await expect(gone).rejects.toThrow();
    await second;
    received[1]!.respond(structuredClone(answered));
    expect((await response).status).toBe(200);
  });
});
