import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../../test/testServer.js';

let server: TestServer;
let port: number;
beforeAll(async () => {
  server = testServer({ env: { REQUEST_TIMEOUT: '100ms', HEADERS_TIMEOUT: '100ms' } });
  port = Number(new URL(await server.listen()).port);
});
afterAll(() => server.shutdown());

/** Everything the server sends before it closes the connection. */
async function conversation(...said: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  for (const words of said) socket.write(words);
  return text(socket);
}

describe('a client that never finishes', () => {
  it.each([
    ['its header', 'POST /sync HTTP/1.1\r\nHost: a\r\n'],
    [
      'its body',
      'POST /sync HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"parent":',
    ],
  ])('%s gets a 408 and is disconnected', async (_, words) => {
    const answer = await conversation(words);
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({ code: 'SR2008' });
  });

  it('and one that does not speak HTTP gets a 400', async () => {
    const answer = await conversation('\x16\x03\x01\x02\x00 TLS to a plain port\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain('SR2009');
  });
});
