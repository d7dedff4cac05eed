import { describe, expect, it } from 'vitest';
import type { SyncRequest } from '../../src/metacontroller/hook.js';
import { fixture } from '../../test/fixture.js';
import { syncAnswer, testServer } from '../../test/testServer.js';
import { measureLatency } from './latency.js';
import { soak } from './memory.js';

describe('measureLatency', () => {
  it('calls every path as often as it should and tells its times', async () => {
    let syncs = 0;
    const server = testServer({
      hook: {
        sync: async () => {
          syncs += 1;
          return syncAnswer;
        },
      },
    });
    server.app.post('/echo', async ({ body }) => body);
    const url = await server.listen();
    const latencies = await measureLatency(url, ['/sync', '/echo'], JSON.stringify(fixture('sync-first')), 10);
    expect(syncs).toBe(11);
    for (const { median, p99 } of Object.values(latencies)) {
      expect(median).toBeGreaterThan(0);
      expect(p99).toBeGreaterThanOrEqual(median);
    }
    await expect(measureLatency(url, ['/sync'], '{}', 1)).rejects.toThrow('SR2002');
    await server.shutdown();
  });
});

describe('soak', () => {
  it('syncs as many different StormServices as it says', async () => {
    const requests: SyncRequest[] = [];
    const { app } = testServer({
      hook: {
        sync: async request => {
          requests.push(request);
          return syncAnswer;
        },
      },
    });
    const uses = [];
    const options = { calls: 20, stormServices: 5, samples: 3 };
    for await (const use of soak(app, fixture('sync-stable'), options)) uses.push(use);
    expect(uses.map(({ calls }) => calls)).toEqual([0, 10, 20]);
    expect(new Set(requests.map(({ parent }) => parent.metadata.name)).size).toBe(5);
    expect(new Set(requests.map(({ parent }) => parent.metadata.uid)).size).toBe(5);
    for (const { parent, children } of requests) {
      const owners = Object.values(children['ReplicaSet.apps/v1'] ?? {}).map(
        child => child.metadata.ownerReferences?.[0],
      );
      expect(owners).toEqual([expect.objectContaining({ name: parent.metadata.name, uid: parent.metadata.uid })]);
    }
  });
});
