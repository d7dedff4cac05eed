import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePorts } from '../../../test/e2e/program.js';
import { syncAnswer } from '../../../test/testServer.js';
import { PeerClient } from './peerClient.js';
import { readAnswer } from './readAnswer.js';
import type { Replica } from './replica.js';

const file = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../test/fixtures/tls/${name}`, import.meta.url)), 'utf8');
const pair = (name: string) => ({ cert: file(`${name}.crt`), key: file(`${name}.key`) });

const sync = { body: Buffer.from('{"parent": {}}'), read: readAnswer };
const at = (port: number): Replica => ({ address: '127.0.0.1', port, own: false });

function clientWith(certificate: () => string | undefined = () => undefined, maxAnswerBytes = 10_000): PeerClient {
  const client = new PeerClient({ certificate, maxAnswerBytes });
  onTestFinished(() => client.close());
  return client;
}

async function started(server: Server): Promise<Replica> {
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return at((server.address() as AddressInfo).port);
}

const serving = (listener: RequestListener) => started(createServer(listener));
const never = () => new AbortController().signal;

const complete = JSON.stringify(syncAnswer);

describe('the answer of another replica', () => {
  it.each([
    ['an answer', 200, complete, { outcome: 'answered', answer: syncAnswer }],
    ['an answer with fields of a later version', 200, '{"status":{},"children":[],"later":[1.5]}', 'answered'],
    ['an answer that is cut off', 200, complete.slice(0, -1), 'unreachable'],
    ['nothing', 200, '', 'unreachable'],
    ['an answer without children', 200, '{"status":{}}', 'unreachable'],
    ['children that are no list', 200, '{"status":{},"children":{}}', 'unreachable'],
    ['no status', 200, '{"children":[]}', 'unreachable'],
    ['another page', 200, '<html>', 'unreachable'],
    ['an answer that is too long', 200, `${complete}${' '.repeat(10_000)}`, 'refused'],
    ['a failure of this sync', 500, '{"code":"SR3001"}', 'refused'],
    ['a body that it does not take', 413, '{"code":"SR2005"}', 'refused'],
    ['too many large requests', 503, '{"code":"SR3003"}', 'refused'],
    ['a refusal of a later version', 400, '{"code":"SR2999"}', 'refused'],
    ['another token', 401, '{"code":"SR2004"}', 'unreachable'],
    ['a hook that takes it for a metric', 508, '{"code":"SR2011"}', 'unreachable'],
    ['another program', 404, '{"code":"NOT_FOUND"}', 'unreachable'],
    ['another program that fails', 500, 'SR3001', 'unreachable'],
    ['an error that is too long', 500, `{"code":"SR3001"}${' '.repeat(10_000)}`, 'refused'],
    ['a proxy without the hook', 503, 'upstream connect error', 'unreachable'],
    ['a redirect', 307, '', 'unreachable'],
    ['an empty success', 204, '', 'unreachable'],
  ] as const)('%s', async (_, status, body, expected) => {
    const replica = await serving((_request, response) =>
      response.writeHead(status, { location: 'http://127.0.0.1:1/sync' }).end(body),
    );
    const result = await clientWith().sync(replica, sync, never());
    if (typeof expected === 'string') expect(result.outcome).toBe(expected);
    else expect(result).toEqual(expected);
  });

  it('is none when nobody listens', async () => {
    const [port = 0] = await freePorts(1);
    expect(await clientWith().sync(at(port), sync, never())).toEqual({ outcome: 'unreachable' });
  });

  it('is none when the connection breaks in the middle', async () => {
    const replica = await serving((_request, response) => {
      response.writeHead(200, { 'content-length': complete.length }).write(complete.slice(0, 10), () => {
        response.destroy();
      });
    });
    expect(await clientWith().sync(replica, sync, never())).toEqual({ outcome: 'unreachable' });
  });

  it('is none when it takes too long', async () => {
    const time = new AbortController();
    const replica = await serving(() => time.abort(new Error('too late')));
    expect(await clientWith().sync(replica, sync, time.signal)).toEqual({ outcome: 'late' });
  });
});

it('sends the body as it is, marked, and the token that came with it', async () => {
  const received: unknown[] = [];
  const replica = await serving(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { authorization, via, 'content-type': type, 'stormservice-rollouts-forwarded': mark } = request.headers;
    received.push([request.method, request.url, authorization, via, type, mark, Buffer.concat(chunks).toString()]);
    response.end(complete);
  });
  const client = clientWith();
  const body = Buffer.from('{ "parent":  {"ü": 1e400}}');
  await client.sync(replica, { ...sync, body, authorization: 'Bearer one' }, never());
  await client.sync(replica, { ...sync, body }, never());
  const rest = [undefined, 'application/json', '1', body.toString()];
  expect(received).toEqual([
    ['POST', '/sync', 'Bearer one', ...rest],
    ['POST', '/sync', undefined, ...rest],
  ]);
});

describe('with TLS', () => {
  const bodies: string[] = [];
  async function replicaWith(name: string): Promise<Replica> {
    bodies.length = 0;
    return started(
      createTlsServer(pair(name), async (request, response) => {
        for await (const chunk of request) bodies.push(String(chunk));
        response.end(complete);
      }),
    );
  }

  it.each([
    ['its own, self-signed', 'first', 'first', 'answered'],
    ['its own, of an issuer', 'issued', 'issued', 'answered'],
    ['another of the same issuer', 'issued', 'renewed', 'unreachable'],
    ['another', 'first', 'second', 'unreachable'],
  ])('trusts %s', async (_, own, shown, outcome) => {
    const replica = await replicaWith(shown);
    const client = clientWith(() => pair(own).cert);
    // Twice: a session that is resumed is not verified again.
    expect((await client.sync(replica, sync, never())).outcome).toBe(outcome);
    expect((await client.sync(replica, sync, never())).outcome).toBe(outcome);
    expect(bodies).toHaveLength(outcome === 'answered' ? 2 : 0);
  });

  it('speaks to no replica without it', async () => {
    const replica = await serving((_request, response) => response.end(complete));
    const client = clientWith(() => pair('issued').cert);
    expect((await client.sync(replica, sync, never())).outcome).toBe('unreachable');
  });

  it('trusts a renewed certificate, and no longer the one before', async () => {
    let own = 'issued';
    const client = clientWith(() => pair(own).cert);
    const before = await replicaWith('issued');
    expect((await client.sync(before, sync, never())).outcome).toBe('answered');
    own = 'renewed';
    expect((await client.sync(before, sync, never())).outcome).toBe('unreachable');
    expect((await client.sync(await replicaWith('renewed'), sync, never())).outcome).toBe('answered');
  });
});

it('gives up on an address that takes connections and says nothing, when told to', async () => {
  const silent = createTcpServer();
  await new Promise<void>(listening => silent.listen(0, '127.0.0.1', listening));
  const time = new AbortController();
  silent.on('connection', socket => {
    onTestFinished(() => void socket.destroy());
    time.abort(new Error('too late'));
  });
  onTestFinished(() => void silent.close());
  const replica = at((silent.address() as AddressInfo).port);
  expect(await clientWith(() => pair('issued').cert).sync(replica, sync, time.signal)).toEqual({
    outcome: 'late',
  });
});
