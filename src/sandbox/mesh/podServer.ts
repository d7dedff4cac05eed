import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { Counter, Registry } from 'prom-client';
import { asText, fields, objects } from '../../schema/json.js';
import type { Pod } from '../cluster/pod.js';
import { closeWhenIdle, listenOnLoopback } from './loopback.js';
import { revisionOf } from './route.js';

/** Headers of every answer, by which a client knows who answered. */
export const POD_HEADER = 'x-pod';
export const REVISION_HEADER = 'x-revision';

/** Connections that the kernel has taken, and the process not yet, would be reset. */
const LAST_ARRIVALS_MS = 100;

/**
 * A pod as an HTTP server on loopback. Answers who it is; images tagged `errors` answer 500 to everything, so that an
 * analysis has something to see. `/metrics` counts in Prometheus' format.
 */
export class PodServer {
  readonly #identity: { readonly pod: string; readonly revision: string; readonly image: string };
  readonly #server: Server;
  readonly #metrics = new Registry();
  readonly #requests: Counter<'code' | 'revision'>;

  constructor(pod: Pod) {
    this.#identity = { pod: pod.name, revision: revisionOf(pod), image: imageOf(pod) };
    this.#requests = new Counter({
      name: 'http_requests_total',
      help: 'Requests by status code and revision.',
      labelNames: ['code', 'revision'],
      registers: [this.#metrics],
    });
    this.#server = createServer((request, response) => void this.#answer(request, response));
    // Longer than any client keeps a connection: it is never the server that closes an idle one under a request.
    this.#server.keepAliveTimeout = 60_000;
  }

  /** Resolves once it accepts connections. */
  async listen(): Promise<void> {
    await listenOnLoopback(this.#server);
  }

  /** Undefined while it does not listen. */
  get port(): number | undefined {
    return (this.#server.address() as AddressInfo | null)?.port;
  }

  /** Accepts nothing more, after a moment for what is on its way; resolves once that is answered. */
  async close(): Promise<void> {
    await setTimeout(LAST_ARRIVALS_MS);
    // On a busy machine the moment may be over before anything was read: the event loop reads before this comes.
    await setImmediate();
    await closeWhenIdle(this.#server);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    if (request.url === '/metrics') {
      response.setHeader('content-type', this.#metrics.contentType);
      response.end(await this.#metrics.metrics());
      return;
    }
    const { pod, revision, image } = this.#identity;
    const code = image.endsWith(':errors') ? 500 : 200;
    this.#requests.inc({ code: String(code), revision });
    response.writeHead(code, { 'content-type': 'application/json', [POD_HEADER]: pod, [REVISION_HEADER]: revision });
    response.end(JSON.stringify(this.#identity));
  }
}

/** Of its first container. */
function imageOf({ spec }: Pod): string {
  const [container] = objects(fields(spec)['containers']);
  return asText(container?.['image']) ?? '';
}
