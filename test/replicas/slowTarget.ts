import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Query {
  readonly name: string;
  readonly response: ServerResponse;
  syncs: number;
}

/** A metrics system that answers a query when so many syncs of its StormService were answered meanwhile. */
export interface SlowTarget {
  readonly address: string;
  /** Names of the StormServices, one for each query. */
  readonly received: readonly string[];
  /** Of those that wait for their answer. */
  readonly underWay: readonly string[];
  /** Queries whose client went away before the answer. */
  readonly abandoned: readonly string[];
  /** A sync of a StormService is over. */
  synced(name: string): void;
  close(): Promise<void>;
}

/** `GET /<name of the StormService>`, answered with `{"value": 1}`. */
export async function startSlowTarget(syncs: number): Promise<SlowTarget> {
  const received: string[] = [];
  const abandoned: string[] = [];
  const underWay = new Set<Query>();
  const server = createServer(({ url = '' }, response) => {
    const query: Query = { name: url.slice(1), response, syncs: 0 };
    received.push(query.name);
    underWay.add(query);
    response.once('close', () => {
      if (underWay.delete(query)) abandoned.push(query.name);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    abandoned,
    get underWay() {
      return [...underWay].map(({ name }) => name);
    },
    synced: name => {
      for (const query of [...underWay].filter(each => each.name === name)) {
        query.syncs += 1;
        if (query.syncs < syncs) continue;
        underWay.delete(query);
        query.response.setHeader('content-type', 'application/json').end('{"value": 1}');
      }
    },
    close: async () => {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
}
