/** The metrics systems that attackers bring along. They listen on all loopback addresses: each is another target. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BODIES } from './bodies.js';

const DRIP_MS = 200;

export interface HostileServer {
  /** By one of the loopback addresses: `http://127.0.0.<host>:<port>`. */
  address(host: number): string;
  /** Requests by the first part of their path. */
  readonly received: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export async function startHostileServer(): Promise<HostileServer> {
  const received = new Map<string, number>();
  const bodies = new Map(Object.entries(BODIES).map(([name, body]) => [name, Buffer.from(body)]));
  const server = createServer((request, response) => {
    response.on('error', () => undefined);
    const [, first = '', second = ''] = (request.url ?? '').split(/[/?]/);
    received.set(first, (received.get(first) ?? 0) + 1);
    if (first === 'body') response.writeHead(200, { 'content-type': 'application/json' }).end(bodies.get(second));
    else (ANSWERS[first] ?? notFound)(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: host => `http://127.0.0.${host}:${port}`, received, close: () => closed(server) };
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  /** Takes the request and never answers. */
  tarpit: () => undefined,
  /** One byte at a time. */
  drip: (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), DRIP_MS);
    response.on('close', () => clearInterval(timer));
  },
  /** As much as is taken, without an end. */
  endless: (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const chunk = Buffer.alloc(64 * 1024, ' ');
    const write = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', write);
    write();
  },
  /** What it was sent, and that again in other forms. */
  echo: async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const part of request) chunks.push(part);
    const sent = JSON.stringify(request.headers) + Buffer.concat(chunks).toString('utf8');
    const forms = [sent, Buffer.from(sent).toString('base64'), encodeURIComponent(sent), [...sent].reverse().join('')];
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(forms));
  },
  error: (_, response) => response.writeHead(503).end('no'),
  cut: (_, response) => response.writeHead(200, { 'content-length': '1000' }).write('[', () => response.destroy()),
};

const notFound: Answer = (_, response) => response.writeHead(404).end();

function closed(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
