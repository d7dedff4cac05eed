/**
 * The replicas of the hook that are there, as DNS knows them. Looked up at intervals, never by a sync: a sync takes the
 * last list, and none that is too old, because an address may have become somebody else's.
 */
import { promises as dns, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { type MonotonicClock, realClock } from '../../fetch/clock.js';
import type { Logger } from '../log.js';
import { isOwnAddress } from './ownAddresses.js';
import type { PeerHost } from './parsePeers.js';
import { idOf, type Replica } from './replica.js';

/** How long a list is used when DNS does not answer. */
const LIST_LASTS_MS = 30_000;
/** How long a replica that did not answer is passed over. */
const GONE_FOR_MS = 10_000;

/** Addresses of a host; `family` 0 is both. @throws as `dns.lookup` */
export type ResolvePeers = (host: string, family: 0 | 4) => Promise<readonly Pick<LookupAddress, 'address'>[]>;

export interface ReplicasOptions {
  readonly hosts: readonly PeerHost[];
  /** The address that this replica listens on: one of IPv4 reaches no replica by IPv6. */
  readonly listensOn: string;
  /** The port that this replica listens on. */
  readonly ownPort: () => number;
  readonly logger: Logger;
  /** The following are the machine's own unless a test says otherwise. */
  readonly resolve?: ResolvePeers | undefined;
  readonly isOwn?: ((address: string) => boolean) | undefined;
  readonly clock?: MonotonicClock | undefined;
}

interface Found {
  readonly replicas: readonly Replica[];
  readonly at: number;
}

export class Replicas {
  readonly #options: ReplicasOptions;
  readonly #clock: MonotonicClock;
  readonly #found = new Map<PeerHost, Found>();
  /** When those that did not answer are tried again, by id. */
  readonly #goneUntil = new Map<string, number>();
  readonly #failures = new Map<PeerHost, string>();
  #refreshing: Promise<void> | undefined;
  #logged: string | undefined;

  constructor(options: ReplicasOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
  }

  /** Looks them up once; joins a look-up under way. Never rejects. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#lookUpAll().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** All that are there, this one included. */
  present(): readonly Replica[] {
    const now = this.#clock.now();
    return this.#listed().filter(replica => (this.#goneUntil.get(idOf(replica)) ?? 0) <= now);
  }

  /** It did not answer: for a while, the next one is responsible. */
  lost(replica: Replica): void {
    this.#goneUntil.set(idOf(replica), this.#clock.now() + GONE_FOR_MS);
  }

  /** Each one once: two hosts may lead to the same. */
  #listed(): readonly Replica[] {
    const now = this.#clock.now();
    const fresh = [...this.#found.values()].filter(({ at }) => now - at <= LIST_LASTS_MS);
    const byId = new Map(fresh.flatMap(({ replicas }) => replicas.map(replica => [idOf(replica), replica])));
    return [...byId.values()];
  }

  async #lookUpAll(): Promise<void> {
    await Promise.all(this.#options.hosts.map(host => this.#lookUp(host)));
    const now = this.#clock.now();
    for (const [id, until] of this.#goneUntil) if (until <= now) this.#goneUntil.delete(id);
    this.#logChange();
  }

  async #lookUp(host: PeerHost): Promise<void> {
    const { logger } = this.#options;
    try {
      this.#found.set(host, { replicas: await this.#replicasOf(host), at: this.#clock.now() });
      this.#failures.delete(host);
    } catch (cause) {
      const problem = cause instanceof Error ? cause.message : String(cause);
      if (this.#failures.get(host) === problem) return;
      this.#failures.set(host, problem);
      logger.warn({ host: host.host }, `cannot look up the replicas of the hook (PEERS): ${problem}`);
    }
  }

  async #replicasOf({ host, port = this.#options.ownPort() }: PeerHost): Promise<readonly Replica[]> {
    const { listensOn, ownPort, resolve = resolveBySystem, isOwn = isOwnAddress } = this.#options;
    const addresses = await resolve(host, isIP(listensOn) === 4 ? 4 : 0).catch(emptyIfUnknown);
    return addresses.map(({ address }) => ({ address, port, own: port === ownPort() && isOwn(address) }));
  }

  #logChange(): void {
    const replicas = this.#listed();
    const ids = replicas.map(idOf).sort();
    if (this.#logged === ids.join()) return;
    this.#logged = ids.join();
    const own = replicas.some(replica => replica.own) ? 'this one included' : 'without this one';
    this.#options.logger.info({ replicas: ids }, `found ${ids.length} replicas of the hook, ${own}`);
  }
}

function resolveBySystem(host: string, family: 0 | 4): Promise<LookupAddress[]> {
  return dns.lookup(host, { all: true, family });
}

/** A headless Service without a ready pod has no address, which is an answer. */
function emptyIfUnknown(error: unknown): readonly [] {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA')) return [];
  throw error;
}
