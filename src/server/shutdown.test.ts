import { describe, expect, it, vi } from 'vitest';
import { fixture } from '../../test/fixture.js';
import { http, syncAnswer, testServer } from '../../test/testServer.js';

/** A sync that reports its call and responds when released. */
function heldSync() {
  let release = () => {};
  const released = new Promise<void>(resolve => {
    release = resolve;
  });
  let arrive = () => {};
  const called = new Promise<void>(resolve => {
    arrive = resolve;
  });
  const sync = async () => {
    arrive();
    await released;
    return syncAnswer;
  };
  return { sync, called, release };
}

/** Sends at once: a supertest request alone waits until it is awaited. */
async function post(url: string) {
  return await http({ url }).post('/sync').send(fixture('sync-first'));
}

describe('shutdown', () => {
  it('finishes requests in flight', async () => {
    const { sync, called, release } = heldSync();
    const server = testServer({ hook: { sync } });
    const url = await server.listen();
    const answer = post(url);
    await called;

    const closed = server.shutdown();
    release();
    const { status, headers, body } = await answer;
    expect(status).toBe(200);
    expect(headers['connection']).toBe('close');
    expect(body).toEqual(syncAnswer);
    expect(await closed).toBe('finished');
    await expect(post(url)).rejects.toThrow('ECONNREFUSED');
  });

  it('is not ready, still responds, and closes connections', async () => {
    const { sync, called, release } = heldSync();
    const server = testServer({ hook: { sync }, env: { SHUTDOWN_DELAY: '1h' } });
    const url = await server.listen();
    expect((await http({ url }).get('/readyz')).status).toBe(200);
    const answer = post(url);
    await called;

    void server.shutdown();
    const ready = await http({ url }).get('/readyz');
    expect(ready.status).toBe(503);
    expect(ready.headers['connection']).toBe('close');
    expect(ready.body).toMatchObject({ code: 'SR3002' });
    expect((await http({ url }).get('/healthz')).status).toBe(200);
    release();
    expect((await answer).status).toBe(200);
    await server.app.close();
  });

  it('cuts off requests that outlast the grace period', async () => {
    const { sync, called } = heldSync();
    const server = testServer({ hook: { sync }, env: { SHUTDOWN_GRACE: '10ms' } });
    const answer = post(await server.listen());
    await called;
    const [closed] = await Promise.all([server.shutdown(), expect(answer).rejects.toThrow()]);
    expect(closed).toBe('cut');
    await vi.waitFor(() =>
      expect(server.lines().at(-1)).toMatchObject({ code: 'SR2010', outcome: 'gone', level: 'warn', name: 'my-app' }),
    );
  });
});

describe('listen', () => {
  it('names a port that is in use', async () => {
    const first = testServer();
    const { port } = new URL(await first.listen());
    await expect(testServer({ env: { PORT: port } }).listen()).rejects.toThrow(
      expect.objectContaining({ code: 'SR1003', message: expect.stringContaining(port) }),
    );
    await first.shutdown();
  });
});
