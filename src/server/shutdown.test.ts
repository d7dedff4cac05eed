import { Agent, request } from 'undici';
import { describe, expect, it, vi } from 'vitest';
import { fixture } from '../../test/fixture.js';
import { syncAnswer, testServer } from '../../test/testServer.js';

/** A sync that says when it is called and answers when it is told to. */
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

function post(url: string, dispatcher = new Agent()) {
  return request(`${url}/sync`, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fixture('sync-first')),
  });
}

describe('shutdown', () => {
  it('finishes what is in flight', async () => {
    const { sync, called, release } = heldSync();
    const server = testServer({ hook: { sync } });
    const url = await server.listen();
    const answer = post(url);
    await called;

    const closed = server.shutdown();
    release();
    const { statusCode, headers, body } = await answer;
    expect(statusCode).toBe(200);
    expect(headers.connection).toBe('close');
    expect(await body.json()).toEqual(syncAnswer);
    expect(await closed).toBe('finished');
    await expect(post(url)).rejects.toThrow('ECONNREFUSED');
  });

  it('is not ready meanwhile, but still answers, and sends clients away', async () => {
    const { sync, called, release } = heldSync();
    const server = testServer({ hook: { sync }, env: { SHUTDOWN_DELAY: '1h' } });
    const url = await server.listen();
    expect((await request(`${url}/readyz`)).statusCode).toBe(200);
    const answer = post(url);
    await called;

    void server.shutdown();
    const ready = await request(`${url}/readyz`);
    expect(ready.statusCode).toBe(503);
    expect(ready.headers.connection).toBe('close');
    expect(await ready.body.json()).toMatchObject({ code: 'SR3002' });
    expect((await request(`${url}/healthz`)).statusCode).toBe(200);
    release();
    expect((await answer).statusCode).toBe(200);
    await server.app.close();
  });

  it('cuts what takes longer than the grace', async () => {
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
  it('says which port is taken', async () => {
    const first = testServer();
    const { port } = new URL(await first.listen());
    await expect(testServer({ env: { PORT: port } }).listen()).rejects.toThrow(
      expect.objectContaining({ code: 'SR1003', message: expect.stringContaining(port) }),
    );
    await first.shutdown();
  });
});
