import { Agent, type Dispatcher } from 'undici';
import type { SyncAnswer } from '../../metacontroller/hook.js';
import { FORWARDED } from '../../schema/forwarded.js';
import { isObject } from '../../schema/json.js';
import { pinnedTls } from './pinnedTls.js';
import { idOf, type Replica } from './replica.js';

const CONNECT_TIMEOUT_MS = 1000;

/** A sync as it is passed on. */
export interface ForwardedSync {
  readonly body: Buffer;
  /** The header with which it came. */
  readonly authorization?: string | undefined;
}

/** `unreachable`: the replica did not answer as a hook that serves. `refused`: it did, but not this sync. */
export type ForwardResult =
  | { readonly outcome: 'answered'; readonly answer: SyncAnswer }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'unreachable' };

export interface PeerClientOptions {
  /** The PEM certificate chain of this replica, as it is now; undefined without TLS. */
  readonly certificate: () => string | undefined;
  /** Longest answer that is read, in bytes. */
  readonly maxAnswerBytes: number;
}

/** Speaks with other replicas, which only the configuration names: tenants' address rules are not for it. */
export class PeerClient {
  readonly #options: PeerClientOptions;
  #agent: { readonly certificate: string | undefined; readonly agent: Agent } | undefined;

  constructor(options: PeerClientOptions) {
    this.#options = options;
  }

  /** Never rejects: a signal that is aborted is one more way not to be answered. */
  async sync(replica: Replica, { body, authorization }: ForwardedSync, signal: AbortSignal): Promise<ForwardResult> {
    const certificate = this.#options.certificate();
    try {
      const response = await this.#agentFor(certificate).request({
        origin: `${certificate === undefined ? 'http' : 'https'}://${idOf(replica)}`,
        path: '/sync',
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          [FORWARDED]: '1',
          ...(authorization !== undefined && { authorization }),
        },
        body,
        signal,
        // The signal is the one clock.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      return await read(response);
    } catch (error) {
      return { outcome: isTooLong(error) ? 'refused' : 'unreachable' };
    }
  }

  async close(): Promise<void> {
    await this.#agent?.agent.destroy();
  }

  /** A renewed certificate gets new connections; requests under way end on the old ones. */
  #agentFor(certificate: string | undefined): Agent {
    if (this.#agent !== undefined && this.#agent.certificate === certificate) return this.#agent.agent;
    this.#agent?.agent.close().catch(() => undefined);
    const agent = new Agent({
      pipelining: 1,
      maxResponseSize: this.#options.maxAnswerBytes,
      connect: { timeout: CONNECT_TIMEOUT_MS, ...(certificate !== undefined && pinnedTls(certificate)) },
    });
    this.#agent = { certificate, agent };
    return agent;
  }
}

/** Statuses that say something about this very sync: another replica, this one too, would answer the same. */
const ABOUT_THE_SYNC: ReadonlySet<number> = new Set([400, 413, 500]);

async function read({ statusCode, body }: Dispatcher.ResponseData): Promise<ForwardResult> {
  if (statusCode === 200) {
    const answer = readAnswer(await body.text());
    return answer ? { outcome: 'answered', answer } : { outcome: 'unreachable' };
  }
  await body.dump();
  return { outcome: ABOUT_THE_SYNC.has(statusCode) ? 'refused' : 'unreachable' };
}

/** An answer cut short must not pass as one with fewer children: Metacontroller deletes what is not in it. */
function readAnswer(text: string): SyncAnswer | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return isAnswer(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

function isAnswer(value: unknown): value is SyncAnswer {
  return isObject(value) && isObject(value['status']) && Array.isArray(value['children']);
}

function isTooLong(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
}
