import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Received, Reply } from './dialect.js';

/** Self-signed for localhost and 127.0.0.1; used by nothing but these tests. */
export const certificate = readFileSync(new URL('./tls/localhost.crt', import.meta.url), 'utf8');
const key = readFileSync(new URL('./tls/localhost.key', import.meta.url), 'utf8');

export interface FakeServer {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/** undefined: never answers. */
export type Answering = (request: Received) => Reply | undefined | Promise<Reply | undefined>;

export async function startServer(answer: Answering, options: { readonly tls?: boolean } = {}): Promise<FakeServer> {
  const received: Received[] = [];
  const listener = async (message: IncomingMessage, response: ServerResponse) => {
    const request = await read(message);
    received.push(request);
    const reply = await answer(request);
    if (reply) response.writeHead(reply.status, reply.headers).end(reply.body);
  };
  const server: Server = options.tls ? createTlsServer({ cert: certificate, key }, listener) : createServer(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(message: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const url = new URL(message.url ?? '/', 'http://fake');
  return {
    method: message.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: message.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
