import { Agent, type Dispatcher } from 'undici';
import { FORWARDED } from '../../schema/forwarded.js';
import { pinnedTls } from './pinnedTls.js';
import { isRefusal } from './readAnswer.js';
import { idOf, type Replica } from './replica.js';

const CONNECT_TIMEOUT_MS = 1000;

/** A sync as it is passed on. */
export interface ForwardedSync<Answer> {
  readonly body: Buffer;
  /** The answer in a body; undefined if it is none. */
  readonly read: (body: Buffer) => Answer | undefined;
  /** The header with which it came. */
  readonly authorization?: string | undefined;
}

/**
 * `unreachable`: the replica did not answer as a hook that serves. `late`: it had no time to. `refused`: it answers, but
 * not this sync.
 */
export type ForwardResult<Answer> =
  | { readonly outcome: 'answered'; readonly answer: Answer }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'unreachable' }
  | { readonly outcome: 'late' };

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

  /** Until the signal is aborted. Never rejects. */
  async sync<Answer>(
    replica: Replica,
    { body, authorization, read }: ForwardedSync<Answer>,
    signal: AbortSignal,
  ): Promise<ForwardResult<Answer>> {
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
      return await resultIn(response, read);
    } catch (error) {
      if (signal.aborted) return { outcome: 'late' };
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

async function resultIn<Answer>(
  { statusCode, body }: Dispatcher.ResponseData,
  read: ForwardedSync<Answer>['read'],
): Promise<ForwardResult<Answer>> {
  const bytes = Buffer.from(await body.arrayBuffer());
  if (statusCode !== 200) return { outcome: isRefusal(bytes) ? 'refused' : 'unreachable' };
  const answer = read(bytes);
  return answer === undefined ? { outcome: 'unreachable' } : { outcome: 'answered', answer };
}

function isTooLong(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
}
