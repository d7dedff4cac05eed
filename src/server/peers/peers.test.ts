import { copyFileSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../../test/analysis/fetching.js';
import { ManualClock } from '../../../test/analysis/manualClock.js';
import { fixture } from '../../../test/fixture.js';
import { answerOf, type StartedReplica, startReplicas } from '../../../test/replicas/inProcess.js';
import { http, startTestServer } from '../../../test/testServer.js';
import type { SyncRequest } from '../../metacontroller/hook.js';
import { FORWARDED } from '../../schema/forwarded.js';
import type { LargeCalls } from '../large/largeCalls.js';
import { LARGE } from '../large/size.js';
import { othersBefore, type Replica, ranked } from './replica.js';

const recorded = fixture('sync-canary-available');

function requestOf(uid: string): SyncRequest {
  const { parent } = recorded;
  return { ...recorded, parent: { ...parent, metadata: { ...parent.metadata, uid } } };
}

/** Indexes of the replicas in the ranking of a uid. */
function rankingOf(uid: string, replicas: readonly StartedReplica[]): readonly number[] {
  const found = replicas.map(({ id, index }) => ({ index, address: '127.0.0.1', port: Number(id.split(':')[1]) }));
  const order: readonly Replica[] = ranked(
    uid,
    found.map(replica => ({ ...replica, own: false })),
  );
  return order.map(({ port }) => found.findIndex(replica => replica.port === port));
}

/** A StormService that these replicas rank in this order. */
function uidRanked(replicas: readonly StartedReplica[], ...order: readonly number[]): string {
  const uids = Array.from({ length: 10_000 }, (_, index) => `uid-${index}`);
  return uids.find(uid => order.every((index, place) => rankingOf(uid, replicas)[place] === index))!;
}

async function post(server: { readonly url: string }, uid: string, headers: Record<string, string> = {}) {
  return await http(server).post('/sync').set(headers).send(requestOf(uid));
}

async function forwardedBy(server: { readonly url: string }): Promise<Readonly<Record<string, number>>> {
  const { text } = await http(server).get('/metrics');
  const found = [...text.matchAll(/^hook_sync_forwarded_total\{outcome="(\w+)"\} (\d+)$/gm)];
  return Object.fromEntries(
    found.filter(([, , count]) => count !== '0').map(([, name, count]) => [name, Number(count)]),
  );
}

describe('several replicas', () => {
  it('give the answer of the responsible one, byte by byte, whichever is called', async () => {
    const answer = async (index: number) => ({
      status: { by: index, '2': 'ü\u2028', nested: [1e21, -0.5, null, '\u0000'] },
      children: [],
      resyncAfterSeconds: 0.25,
    });
    const replicas = await startReplicas(3, { answer });
    for (const uid of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const [responsible = -1] = rankingOf(uid, replicas);
      const direct = await post(replicas[responsible]!, uid);
      expect(direct.body.status.by).toBe(responsible);
      for (const replica of replicas) expect((await post(replica, uid)).text).toBe(direct.text);
    }
  });

  it('log news where it was answered, and count it everywhere', async () => {
    const replicas = await startReplicas(2);
    const uid = uidRanked(replicas, 1, 0);
    await post(replicas[0]!, uid);
    expect(replicas[0]!.lines()).toContainEqual(
      expect.objectContaining({ level: 'debug', hook: 'sync', uid, outcome: 'ok', answeredBy: replicas[1]!.id }),
    );
    expect(replicas[1]!.lines().filter(line => 'answeredBy' in line)).toEqual([]);
    expect(await forwardedBy(replicas[0]!)).toEqual({ answered: 1 });
    expect(await forwardedBy(replicas[1]!)).toEqual({});
    for (const replica of replicas) {
      expect((await http(replica).get('/metrics')).text).toContain('hook_sync_total{outcome="ok"} 1');
    }
  });

  it('never pass on what was passed on', async () => {
    const replicas = await startReplicas(3);
    const uid = uidRanked(replicas, 2);
    expect((await post(replicas[0]!, uid, { [FORWARDED]: '' })).body.status).toEqual({ by: 0 });
    expect(await forwardedBy(replicas[0]!)).toEqual({});
  });

  it('answer themselves when they do not agree', async () => {
    const replicas = await startReplicas(2);
    const uid = uidRanked(replicas, 1);
    // The other one takes this one for responsible.
    await replicas[1]!.stop();
    const stubborn = await startTestServer({
      env: { PORT: replicas[1]!.id.split(':')[1]!, PEERS: replicas[0]!.id },
      hook: { sync: async (_, delegate) => (await delegate?.()) ?? answerOf(9) },
    });
    await stubborn.refreshPeers();
    expect((await post(replicas[0]!, uid)).body.status).toEqual({ by: 9 });
    expect((await post(stubborn, uid)).body.status).toEqual({ by: 0 });
  });

  it('pass on nothing that is refused in any case', async () => {
    const replicas = await startReplicas(2);
    for (const [path, body] of [
      ['/sync', { parent: {} }],
      ['/customize', { parent: {} }],
      ['/decorate', { object: {} }],
    ] as const) {
      expect((await http(replicas[0]!).post(path).send(body)).status).toBe(400);
    }
    expect(await forwardedBy(replicas[0]!)).toEqual({});
  });
});

describe('a replica that is gone', () => {
  it('is followed by the next, on which the others agree', async () => {
    const replicas = await startReplicas(3);
    const uid = uidRanked(replicas, 0, 1, 2);
    await replicas[0]!.stop();
    expect((await post(replicas[2]!, uid)).body.status).toEqual({ by: 1 });
    expect((await post(replicas[1]!, uid)).body.status).toEqual({ by: 1 });
    // And is not tried again with each sync.
    expect((await post(replicas[2]!, uid)).body.status).toEqual({ by: 1 });
    expect(await forwardedBy(replicas[2]!)).toEqual({ unreachable: 1, answered: 2 });
  });

  it('leaves the last one to itself', async () => {
    const replicas = await startReplicas(3);
    const uid = uidRanked(replicas, 0, 1, 2);
    await Promise.all([replicas[0]!.stop(), replicas[1]!.stop()]);
    expect((await post(replicas[2]!, uid)).body.status).toEqual({ by: 2 });
    expect(await forwardedBy(replicas[2]!)).toEqual({ unreachable: 2 });
  });

  it('or hangs is waited for no longer than a sync can wait', async () => {
    const clock = new ManualClock();
    const replicas = await startReplicas(2, {
      network: { clock },
      env: { ANALYSIS_WAIT: '700ms' },
      answer: index => (index === 0 ? new Promise(() => clock.pass(clock.next)) : answerOf(index)),
    });
    const begin = clock.now();
    expect((await post(replicas[1]!, uidRanked(replicas, 0))).body.status).toEqual({ by: 1 });
    expect(clock.now() - begin).toBe(2700);
    await replicas[0]!.app.server.closeAllConnections();
  });
});

describe('a replica that fails', () => {
  it('with this sync does not count as gone: what one StormService does is nothing to the others', async () => {
    const failing = uidOnlyFailing();
    const replicas = await startReplicas(2, { answer: failing.answer });
    const uid = uidRanked(replicas, 0);
    failing.fails = true;
    expect((await post(replicas[1]!, uid)).body.status).toEqual({ by: 1 });
    failing.fails = false;
    expect((await post(replicas[1]!, uid)).body.status).toEqual({ by: 0 });
    expect(await forwardedBy(replicas[1]!)).toEqual({ refused: 1, answered: 1 });
  });

  function uidOnlyFailing() {
    const state = {
      fails: false,
      answer: (index: number) => (state.fails && index === 0 ? Promise.reject(new Error('a bug')) : answerOf(index)),
    };
    return state;
  }
});

describe('one replica', () => {
  it.each([
    ['without PEERS', {}],
    ['of which DNS knows nothing', { PEERS: 'peers' }],
    ['alone', { PEERS: 'alone' }],
    ['whose DNS fails', { PEERS: 'failing' }],
  ])('%s answers itself', async (_, env) => {
    const zone: Record<string, () => Promise<{ address: string }[]>> = {
      alone: async () => [{ address: '127.0.0.1' }],
      failing: () => Promise.reject(new Error('EAI_AGAIN')),
      peers: async () => [],
    };
    const server = await startTestServer({
      env,
      network: { resolve: host => zone[host]!() },
      hook: { sync: async (_request, delegate) => (await delegate?.()) ?? answerOf(7) },
    });
    await server.refreshPeers();
    expect((await post(server, 'a')).body.status).toEqual({ by: 7 });
    expect(await forwardedBy(server)).toEqual({});
  });

  it('that DNS does not list passes on to those that it lists: it shuts down', async () => {
    const [other] = await startReplicas(1);
    const server = await startTestServer({
      env: { PEERS: other!.id },
      hook: { sync: async (_request, delegate) => (await delegate?.()) ?? answerOf(7) },
    });
    await server.refreshPeers();
    expect((await post(server, 'a')).body.status).toEqual({ by: 0 });
  });
});

describe('a token', () => {
  it('goes along, and without it nothing is passed on', async () => {
    const replicas = await startReplicas(2, { env: { HOOK_TOKEN: 'old,new' } });
    const uid = uidRanked(replicas, 1);
    const answer = await post(replicas[0]!, uid, { authorization: 'Bearer new' });
    expect(answer.body.status).toEqual({ by: 1 });
    for (const headers of [{}, { authorization: 'Bearer other' }, { [FORWARDED]: '1' }]) {
      expect((await post(replicas[0]!, uid, headers)).status).toBe(401);
    }
    expect(await forwardedBy(replicas[0]!)).toEqual({ answered: 1 });
  });

  it('that the other does not know yet: each answers itself', async () => {
    const replicas = await startReplicas(2, { envOf: index => ({ HOOK_TOKEN: index === 0 ? 'old,new' : 'old' }) });
    const uid = uidRanked(replicas, 1);
    const headers = { authorization: 'Bearer new' };
    expect((await post(replicas[0]!, uid, headers)).body.status).toEqual({ by: 0 });
    expect(await forwardedBy(replicas[0]!)).toEqual({ unreachable: 1 });
  });

  it('that this hook does not ask for goes nowhere', async () => {
    const seen: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end(JSON.stringify({ status: {}, children: [] }));
    });
    await new Promise<void>(listening => other.listen(0, '127.0.0.1', listening));
    onTestFinished(() => {
      other.close();
      other.closeAllConnections();
    });
    const { port } = other.address() as AddressInfo;
    const server = await startTestServer({
      env: { PEERS: `127.0.0.1:${port}` },
      hook: { sync: async (_, delegate) => (await delegate?.()) ?? answerOf(7) },
    });
    await server.refreshPeers();
    await post(server, 'a', { authorization: 'Bearer somebody' });
    expect(seen).toEqual([undefined]);
  });
});

it('with TLS, replicas recognize each other by their certificate', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'));
  for (const name of ['tls.crt', 'tls.key']) {
    const source = `../../../test/fixtures/tls/issued.${name.slice(4)}`;
    copyFileSync(fileURLToPath(new URL(source, import.meta.url)), join(folder, name));
  }
  const replicas = await startReplicas(2, {
    env: { TLS_CERT_FILE: join(folder, 'tls.crt'), TLS_KEY_FILE: join(folder, 'tls.key') },
  });
  const { body } = await http(replicas[0]!)
    .post('/sync')
    .trustLocalhost()
    .send(requestOf(uidRanked(replicas, 1)));
  expect(body.status).toEqual({ by: 1 });
});

describe('limits', () => {
  it('what is too much at a time is answered here, and one namespace leaves room for another', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>(resolve => {
      release = resolve;
    });
    let waiting = 0;
    const replicas = await startReplicas(2, {
      answer: async index => {
        if (index === 1) {
          waiting += 1;
          await released;
        }
        return answerOf(index);
      },
    });
    const uid = uidRanked(replicas, 1);
    const held = Array.from({ length: 50 }, () => post(replicas[0]!, uid));
    await until(() => waiting === 50);
    expect((await post(replicas[0]!, uid)).body.status).toEqual({ by: 0 });
    const { parent } = requestOf(uid);
    const namesake = { ...requestOf(uid), parent: { ...parent, metadata: { ...parent.metadata, namespace: 'other' } } };
    const other = Promise.resolve(http(replicas[0]!).post('/sync').send(namesake));
    await until(() => waiting === 51);
    release();
    for (const { body } of await Promise.all([...held, other])) expect(body.status).toEqual({ by: 1 });
    expect(await forwardedBy(replicas[0]!)).toEqual({ answered: 51, limited: 1 });
    // All of the room is given back.
    const again = await Promise.all(Array.from({ length: 50 }, () => post(replicas[0]!, uid)));
    expect(again.every(({ body }) => body.status.by === 1)).toBe(true);
  });

  it('more bytes than are passed on at a time are answered here', async () => {
    const replicas = await startReplicas(2, { env: { BODY_LIMIT: '64Mi' } });
    const uid = uidRanked(replicas, 1);
    const large = { ...requestOf(uid), padding: 'x'.repeat(33 * 1024 * 1024) };
    expect((await http(replicas[0]!).post('/sync').send(large)).body.status).toEqual({ by: 0 });
    expect((await post(replicas[0]!, uid)).body.status).toEqual({ by: 1 });
    expect(await forwardedBy(replicas[0]!)).toEqual({ limited: 1, answered: 1 });
  });
});

describe('a large sync', () => {
  const padding = 'x'.repeat(LARGE);
  const sendLarge = async (server: { readonly url: string }, uid: string) =>
    await http(server)
      .post('/sync')
      .send({ ...requestOf(uid), padding });

  /** As the thread does: what another measures is given back. `meanwhile` is waited for with each call. */
  function largeCalls(index: number, meanwhile: (index: number, delegated: boolean) => unknown = () => undefined) {
    const calls: LargeCalls = {
      async answer(_, body, replicas) {
        const { parent } = JSON.parse(body.toString());
        const delegated = othersBefore(parent.metadata.uid, replicas).length > 0;
        await meanwhile(index, delegated);
        if (delegated) return { ok: true, parent, delegated: Uint8Array.from(body) };
        const json = new TextEncoder().encode(JSON.stringify(await answerOf(index))) as Uint8Array<ArrayBuffer>;
        return { ok: true, parent, json };
      },
      close: async () => undefined,
    };
    return calls;
  }

  it('is answered by the responsible replica, whichever is called', async () => {
    const replicas = await startReplicas(3, { largeCallsOf: index => largeCalls(index) });
    for (const uid of ['a', 'b', 'c', 'd']) {
      for (const replica of replicas) {
        const { status, body, headers } = await sendLarge(replica, uid);
        expect([status, body.status.by]).toEqual([200, rankingOf(uid, replicas)[0]]);
        expect(headers['content-type']).toBe('application/json; charset=utf-8');
      }
    }
    const [line] = replicas[0]!.lines().filter(({ answeredBy }) => answeredBy !== undefined);
    expect(line).toMatchObject({ level: 'debug', hook: 'sync', name: 'my-app', outcome: 'ok' });
  });

  it('is answered here when the other is gone', async () => {
    const replicas = await startReplicas(2, { largeCallsOf: index => largeCalls(index) });
    await replicas[1]!.stop();
    expect((await sendLarge(replicas[0]!, uidRanked(replicas, 1))).body.status).toEqual({ by: 0 });
    expect(await forwardedBy(replicas[0]!)).toEqual({ unreachable: 1 });
  });

  it('leaves its turn to others while another replica answers: two never wait for each other', async () => {
    let delegated = 0;
    const both = async (_: number, isDelegated: boolean) => {
      if (isDelegated) delegated += 1;
      await until(() => delegated === 2);
    };
    const replicas = await startReplicas(2, { largeCallsOf: index => largeCalls(index, both) });
    const answers = await Promise.all([
      sendLarge(replicas[0]!, uidRanked(replicas, 1)),
      sendLarge(replicas[1]!, uidRanked(replicas, 0)),
    ]);
    expect(answers.map(({ body }) => body.status.by)).toEqual([1, 0]);
  });

  it('for which the other has no time is answered here, and the other still answers small ones', async () => {
    const clock = new ManualClock();
    const never = new Promise(() => undefined);
    const busy = (index: number) => {
      if (index === 0) return undefined;
      clock.pass(clock.next);
      return never;
    };
    const replicas = await startReplicas(2, { network: { clock }, largeCallsOf: index => largeCalls(index, busy) });
    const uid = uidRanked(replicas, 1);
    expect((await sendLarge(replicas[0]!, uid)).body.status).toEqual({ by: 0 });
    expect((await post(replicas[0]!, uid)).body.status).toEqual({ by: 1 });
    expect(await forwardedBy(replicas[0]!)).toEqual({ late: 1, answered: 1 });
    replicas[1]!.app.server.closeAllConnections();
  });
});
