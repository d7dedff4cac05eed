import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Agent, request as send } from 'undici';
import type { Pod } from '../cluster/pod.js';
import type { Random } from '../random.js';
import { closeWhenIdle, listenOnLoopback } from './loopback.js';
import type { PodServers } from './podServers.js';
import type { MeshRequest } from './request.js';
import { route } from './route.js';
import type { MeshView } from './view.js';

export interface MeshProxyOptions {
  readonly view: MeshView;
  readonly pods: Pick<PodServers, 'portOf'>;
  readonly random: Random;
}

/** Headers of one connection, not of the request. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'host', 'expect'];

/** Gateway, ingress and sidecar in one: an HTTP server on loopback that sends each request where `route` says. */
export class MeshProxy {
  readonly #options: MeshProxyOptions;
  readonly #server: Server;
  readonly #agent = new Agent({ keepAliveTimeout: 1000, connections: 16 });

  constructor(options: MeshProxyOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#pass(request, response));
  }

  /** Resolves to its URL. */
  async listen(): Promise<string> {
    return `http://127.0.0.1:${await listenOnLoopback(this.#server)}`;
  }

  /** Finishes what it has. */
  async close(): Promise<void> {
    await closeWhenIdle(this.#server);
    await this.#agent.close();
  }

  async #pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { view, random } = this.#options;
    const routed = route(meshRequest(incoming), view, random);
    if (routed.outcome === 'answer') {
      incoming.resume();
      response.writeHead(routed.code, { 'content-type': 'text/plain' }).end(routed.reason);
      return;
    }
    for (const mirror of routed.mirrors) void this.#copy(mirror, incoming);
    try {
      await this.#forward(routed.pod, incoming, response);
    } catch (error) {
      if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' });
      response.end(error instanceof Error ? error.message : String(error));
    }
  }

  async #forward(pod: Pod, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#send(pod, incoming, incoming);
    response.writeHead(answer.statusCode, withoutHops(answer.headers));
    for await (const chunk of answer.body) response.write(chunk);
    response.end();
  }

  /** Without a body, and whatever becomes of it. */
  async #copy(pod: Pod, incoming: IncomingMessage): Promise<void> {
    try {
      await (await this.#send(pod, incoming, null)).body.dump();
    } catch {
      // Nobody waits for the answer to a copy.
    }
  }

  #send(pod: Pod, { method = 'GET', url = '/', headers }: IncomingMessage, body: IncomingMessage | null) {
    const port = this.#options.pods.portOf(pod);
    if (port === undefined) throw new Error(`${pod.name} does not listen`);
    const { 'content-length': length, ...bodiless } = withoutHops(headers);
    const hasBody = body !== null && (length !== undefined || headers['transfer-encoding'] !== undefined);
    return send(`http://127.0.0.1:${port}${url}`, {
      dispatcher: this.#agent,
      method: method as 'GET',
      headers: hasBody && length !== undefined ? { ...bodiless, 'content-length': length } : bodiless,
      body: hasBody ? body : null,
    });
  }
}

function meshRequest({ headers, method = 'GET', url = '/' }: IncomingMessage): MeshRequest {
  const single = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]);
  return {
    host: (headers.host ?? '').replace(/:\d+$/, ''),
    method,
    path: url.split('?', 1)[0] ?? '/',
    headers: Object.fromEntries(single),
    namespace: 'default',
  };
}

function withoutHops(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | string[]> {
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || HOP_BY_HOP.includes(name) ? [] : [[name, value] as const],
  );
  return Object.fromEntries(kept);
}
