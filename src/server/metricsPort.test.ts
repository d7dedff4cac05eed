import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../test/fixture.js';
import { http, startTestServer } from '../../test/testServer.js';

describe('METRICS_PORT', () => {
  async function separate() {
    const server = await startTestServer({ env: { METRICS_PORT: '0' } });
    const { port } = server.metricsApp.server.address() as AddressInfo;
    return { hook: http(server), metrics: http({ url: `http://127.0.0.1:${port}` }) };
  }

  it('serves /metrics, and nothing else', async () => {
    const { hook, metrics } = await separate();
    await hook.post('/sync').send(fixture('sync-first'));
    const { status, text, headers } = await metrics.get('/metrics');
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/plain/);
    expect(text).toContain('hook_sync_total{outcome="ok"} 1');
    expect((await metrics.post('/sync').send(fixture('sync-first'))).status).not.toBe(200);
    for (const path of ['/healthz', '/readyz', '/']) expect((await metrics.get(path)).status).toBe(404);
  });

  it('takes it away from PORT', async () => {
    const { hook } = await separate();
    expect((await hook.get('/metrics')).status).toBe(404);
    expect((await hook.get('/healthz')).status).toBe(200);
  });

  it('refuses a hook, as PORT does', async () => {
    const { metrics } = await separate();
    expect((await metrics.get('/metrics').set('via', '1.1 stormservice-rollouts')).status).toBe(508);
  });

  it('unset: PORT serves it', async () => {
    const server = await startTestServer();
    expect(server.metricsApp).toBe(server.app);
    expect((await http(server).get('/metrics')).status).toBe(200);
  });
});
