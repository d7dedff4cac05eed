import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import type { HttpRequest, TlsTrust } from '../providers/exchange.js';
import { QueryError } from '../providers/queryError.js';
import { type AddressGuard, hostOf } from './addressGuard.js';

const CONNECT_TIMEOUT_MS = 5000;
/** Sets of trusted certificates that keep connections at a time; every one beyond closes the oldest. */
const MAX_AGENTS = 16;

/**
 * Connection pools: one agent per trust, so that a connection made with `insecure` serves nobody else, and others for
 * endpoint checks. A pool has no limit of its own, which requests of different owners would share: targets have.
 */
export class Agents {
  readonly #guard: AddressGuard;
  /** Requests under way on one that is closed are finished first. */
  readonly #agents = new LRUCache<string, Agent>({
    max: MAX_AGENTS,
    dispose: (agent, _, reason) => {
      if (reason === 'evict') agent.close().catch(() => undefined);
    },
  });

  constructor(guard: AddressGuard) {
    this.#guard = guard;
  }

  of({ tls, wants }: Pick<HttpRequest, 'tls' | 'wants'>): Dispatcher {
    const key = `${trustKey(tls)} ${wants ?? ''}`;
    const agent = this.#agents.get(key) ?? this.#create(tls);
    this.#agents.set(key, agent);
    return agent;
  }

  async close(): Promise<void> {
    const agents = [...this.#agents.values()];
    this.#agents.clear();
    await Promise.all(agents.map(agent => agent.destroy()));
  }

  #create(trust: TlsTrust | undefined): Agent {
    return new Agent({
      pipelining: 1,
      maxHeaderSize: 16 * 1024,
      connect: guardedConnector(this.#guard, trust),
    });
  }
}

/** A name for a trust that is short and does not repeat its certificates. */
export function trustKey(trust: TlsTrust | undefined): string {
  if (trust === undefined) return 'system';
  const ca = trust.ca === undefined ? 'system' : createHash('sha256').update(trust.ca).digest('base64url');
  return trust.insecure ? `insecure ${ca}` : ca;
}

/** The look-up is not asked about an IP address, so that is checked here. */
function guardedConnector(guard: AddressGuard, trust: TlsTrust | undefined): buildConnector.connector {
  const tls = {
    ...(trust?.ca !== undefined && { ca: trust.ca }),
    ...(trust?.insecure && { rejectUnauthorized: false }),
  };
  return (options, callback) => {
    try {
      const url = new URL(`${options.protocol}//${options.host ?? options.hostname}`);
      guard.checkUrl(url);
      const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
      const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: guard.lookup(port), ...tls });
      connect({ ...options, hostname: hostOf(url) }, callback);
    } catch (error) {
      callback(error instanceof QueryError ? error : new QueryError('spec', 'tls cannot be used'), null);
    }
  };
}
