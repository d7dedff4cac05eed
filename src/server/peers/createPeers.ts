import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics.js';
import { PeerClient } from './peerClient.js';
import { Peers } from './peers.js';
import { Replicas, type ReplicasOptions } from './replicas.js';

/** What a test replaces: DNS, which addresses are this machine's, and time. */
export type PeerNetwork = Pick<ReplicasOptions, 'resolve' | 'isOwn' | 'clock'>;

export interface CreatePeersOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** PEM; undefined without TLS. */
  readonly certificate: () => string | undefined;
  /** The server of this replica. */
  readonly app: () => FastifyInstance;
  readonly network: PeerNetwork;
}

/** The other replicas as PEERS names them; undefined without it. */
export function createPeers(options: CreatePeersOptions): Peers | undefined {
  const { config, logger, metrics, certificate, app, network } = options;
  if (config.peers === undefined) return undefined;
  const replicas = new Replicas({
    hosts: config.peers,
    listensOn: config.host,
    ownPort: () => portOf(app()) ?? config.port,
    logger,
    ...network,
  });
  return new Peers({
    replicas,
    client: new PeerClient({ certificate, maxAnswerBytes: config.limits.body }),
    metrics,
    waitMs: config.analysis.wait,
    withToken: config.tokens.from !== 'none',
    clock: network.clock,
  });
}

/** The actual one, for port 0; undefined while it does not listen. */
function portOf({ server }: FastifyInstance): number | undefined {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : undefined;
}
