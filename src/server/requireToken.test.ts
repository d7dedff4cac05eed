import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { fixture } from '../../test/fixture.js';
import { http, type StartedServer, startTestServer, syncAnswer } from '../../test/testServer.js';

function post(server: StartedServer, authorization?: string, path = '/sync') {
  const request = http(server).post(path);
  if (authorization !== undefined) request.set({ authorization });
  return request.send(fixture('sync-first'));
}

describe('HOOK_TOKEN', () => {
  const sync = vi.fn(async () => syncAnswer);
  const options = { hook: { sync }, env: { HOOK_TOKEN: 'one,two' } };

  it.each(['/sync', '/customize', '/decorate', '/customize-pods', '/decorate-pods'])(
    'POST %s without it is a 401 with a code',
    async path => {
      const answer = await post(await startTestServer(options), undefined, path);
      expect(answer.status).toBe(401);
      expect(answer.body.code).toBe('SR2004');
      expect(sync).not.toHaveBeenCalled();
    },
  );

  it.each([
    ['Bearer one', 200],
    ['Bearer two', 200],
    ['Bearer three', 401],
  ])('%s: %i', async (authorization, status) => {
    expect((await post(await startTestServer(options), authorization)).status).toBe(status);
  });

  it('is checked before the body is read', async () => {
    const server = await startTestServer(options);
    const answer = await http(server).post('/sync').type('json').send('{');
    expect(answer.status).toBe(401);
  });

  it.each(['/healthz', '/readyz', '/metrics'])('GET %s requires none', async path => {
    expect((await http(await startTestServer(options)).get(path)).status).toBe(200);
  });
});

describe('HOOK_TOKEN_FILE', () => {
  it('is reloaded when it changes: old, both, new', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'token-')), 'token');
    writeFileSync(file, 'old\n');
    const server = await startTestServer({ env: { HOOK_TOKEN_FILE: file } });
    expect(await statuses()).toEqual({ old: 200, new: 401 });

    writeFileSync(file, 'old\nnew\n');
    expect(await statuses()).toEqual({ old: 200, new: 401 });
    server.refreshFiles();
    expect(await statuses()).toEqual({ old: 200, new: 200 });

    writeFileSync(file, 'new\n');
    server.refreshFiles();
    expect(await statuses()).toEqual({ old: 401, new: 200 });

    async function statuses() {
      return { old: (await post(server, 'Bearer old')).status, new: (await post(server, 'Bearer new')).status };
    }
  });

  it('that becomes empty keeps the valid tokens, never grants access, and is logged once', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'token-')), 'token');
    writeFileSync(file, 'old');
    const server = await startTestServer({ env: { HOOK_TOKEN_FILE: file } });
    writeFileSync(file, '');
    server.refreshFiles();
    server.refreshFiles();
    expect(server.lines()).toEqual([
      expect.objectContaining({ level: 'error', code: 'SR1002', file: 'HOOK_TOKEN_FILE' }),
    ]);
    expect((await post(server, 'Bearer old')).status).toBe(200);
    expect((await post(server)).status).toBe(401);
  });
});
