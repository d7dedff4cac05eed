import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it, vi } from 'vitest';
import { fixture } from '../../test/fixture.js';
import { syncAnswer, testServer } from '../../test/testServer.js';

function post(app: FastifyInstance, authorization?: string, url = '/sync') {
  return app.inject({
    method: 'POST',
    url,
    headers: authorization === undefined ? {} : { authorization },
    payload: fixture('sync-first'),
  });
}

describe('HOOK_TOKEN', () => {
  const sync = vi.fn(async () => syncAnswer);
  const { app } = testServer({ hook: { sync }, env: { HOOK_TOKEN: 'one,two' } });

  it.each(['/sync', '/customize', '/decorate'])('POST %s without it is a 401 with a code', async url => {
    const answer = await post(app, undefined, url);
    expect(answer.statusCode).toBe(401);
    expect(answer.json().code).toBe('SR2004');
    expect(sync).not.toHaveBeenCalled();
  });

  it.each([
    ['Bearer one', 200],
    ['Bearer two', 200],
    ['Bearer three', 401],
  ])('%s: %i', async (authorization, status) => {
    expect((await post(app, authorization)).statusCode).toBe(status);
  });

  it('is checked before the body is looked at', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/sync',
      headers: { 'content-type': 'application/json' },
      payload: '{',
    });
    expect(answer.statusCode).toBe(401);
  });

  it.each(['/healthz', '/readyz', '/metrics'])('GET %s asks for none', async url => {
    expect((await app.inject(url)).statusCode).toBe(200);
  });
});

describe('HOOK_TOKEN_FILE', () => {
  it('is read again when it changes: old, both, new', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'token-')), 'token');
    writeFileSync(file, 'old\n');
    const { app, refreshFiles } = testServer({ env: { HOOK_TOKEN_FILE: file } });
    expect(await statuses()).toEqual({ old: 200, new: 401 });

    writeFileSync(file, 'old\nnew\n');
    expect(await statuses()).toEqual({ old: 200, new: 401 });
    refreshFiles();
    expect(await statuses()).toEqual({ old: 200, new: 200 });

    writeFileSync(file, 'new\n');
    refreshFiles();
    expect(await statuses()).toEqual({ old: 401, new: 200 });

    async function statuses() {
      return { old: (await post(app, 'Bearer old')).statusCode, new: (await post(app, 'Bearer new')).statusCode };
    }
  });

  it('that becomes empty keeps what was valid, never opens the door, and says so once', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'token-')), 'token');
    writeFileSync(file, 'old');
    const { app, refreshFiles, lines } = testServer({ env: { HOOK_TOKEN_FILE: file } });
    writeFileSync(file, '');
    refreshFiles();
    refreshFiles();
    expect(lines()).toEqual([expect.objectContaining({ level: 'error', code: 'SR1002', file: 'HOOK_TOKEN_FILE' })]);
    expect((await post(app, 'Bearer old')).statusCode).toBe(200);
    expect((await post(app)).statusCode).toBe(401);
  });
});
