import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Instant } from '../../schema/instant.js';
import { closeWhenIdle, listenOnLoopback } from './loopback.js';
import type { Recorder } from './recorder.js';

/** How one revision fares. */
export interface RevisionTraffic {
  /** Answers of its pods. */
  readonly requests: number;
  readonly failures: number;
  /** 0 to 1, four decimals; null without requests. */
  readonly successRate: number | null;
}

/** Unless the question says `seconds`. */
const DEFAULT_SECONDS = 30;

/**
 * What the telemetry of a mesh tells an analysis: `GET /traffic?revision=<hash>&seconds=<n>`, about the requests of the
 * last n seconds of the cluster. An HTTP server on loopback.
 */
export class Telemetry {
  readonly #now: () => Instant;
  readonly #recorders = new Set<Recorder>();
  readonly #server: Server;

  constructor(now: () => Instant) {
    this.#now = now;
    this.#server = createServer(({ url = '/' }, response) => this.#answer(new URL(url, 'http://telemetry'), response));
  }

  /** What it records is told from now on. */
  follow(recorder: Recorder): void {
    this.#recorders.add(recorder);
  }

  /** Resolves to its URL. */
  async listen(): Promise<string> {
    return `http://127.0.0.1:${await listenOnLoopback(this.#server)}`;
  }

  /** Finishes what it has. */
  async close(): Promise<void> {
    await closeWhenIdle(this.#server);
  }

  #answer({ pathname, searchParams }: URL, response: ServerResponse): void {
    const revision = searchParams.get('revision');
    const seconds = Number(searchParams.get('seconds') ?? DEFAULT_SECONDS);
    if (pathname !== '/traffic') answerJson(response, 404, { error: 'there is /traffic alone' });
    else if (revision === null || !(seconds > 0)) answerJson(response, 400, { error: 'ask for ?revision=<hash>' });
    else answerJson(response, 200, this.#trafficOf(revision, seconds));
  }

  #trafficOf(revision: string, seconds: number): RevisionTraffic {
    const start = this.#now() - seconds * 1000;
    const counts = [...this.#recorders].map(recorder => recorder.since(start));
    const requests = counts.reduce((sum, { byRevision }) => sum + (byRevision[revision] ?? 0), 0);
    const failures = counts.reduce((sum, { failuresByRevision }) => sum + (failuresByRevision[revision] ?? 0), 0);
    const successRate = requests === 0 ? null : Math.round((1 - failures / requests) * 10_000) / 10_000;
    return { requests, failures, successRate };
  }
}

function answerJson(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
