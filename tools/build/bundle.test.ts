import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bundleHook, licencesOf, ownInputs } from './bundle.js';

let folder: string;
let metafile: Metafile;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  metafile = await bundleHook(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the bundle', () => {
  it('holds the hook and nothing that stands beside it', () => {
    const rooms = new Set(
      ownInputs(metafile).map(path =>
        path
          .split('/')
          .slice(0, path.startsWith('src/') ? 2 : 1)
          .join('/'),
      ),
    );
    expect([...rooms].sort()).toEqual([
      'hooks',
      'package.json',
      'src/analysis',
      'src/api',
      'src/condition',
      'src/fetch',
      'src/hook',
      'src/main.ts',
      'src/metacontroller',
      'src/observe',
      'src/providers',
      'src/render',
      'src/rollout',
      'src/routers',
      'src/schema',
      'src/server',
      'src/status',
    ]);
  });

  it('leaves nothing to be installed but what Node.js has itself', () => {
    const imports = Object.values(metafile.outputs).flatMap(output =>
      output.imports.filter(({ external }) => external),
    );
    const foreign = imports.filter(({ path }) => !path.startsWith('node:') && !isBuiltin(path));
    expect(foreign).toEqual([]);
  });

  it('goes with the licence of every package that is in it', () => {
    const licences = licencesOf(metafile);
    for (const name of ['fastify', 'undici', '@marcbachmann/cel-js']) expect(licences).toContain(`\n${name} `);
    expect(licences).not.toMatch(/\(undefined\)/);
  });

  it('serves a sync, far from any package', async () => {
    const post = await startHook();
    const answer = await post(readFileSync('test/fixtures/sync-stable.json', 'utf8'));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toHaveProperty('status.rolloutStatus');
  });

  it('answers large requests in another thread, and survives those that it refuses', async () => {
    const post = await startHook();
    const fixture = readFileSync('test/fixtures/sync-stable.json', 'utf8').trimEnd().slice(0, -1);
    const expected = await (await post(`${fixture}}`)).text();
    const large = await post(`${fixture},"more":"${'x'.repeat(1024 * 1024)}"}`);
    expect(withoutTimes(await large.text())).toEqual(withoutTimes(expected));
    const bomb = await post(`${fixture},"more":[${'[],'.repeat(2_000_000)}1]}`);
    expect([bomb.status, await bomb.json()]).toEqual([413, expect.objectContaining({ code: 'SR2012' })]);
    expect((await post(`${fixture},"more":"${'x'.repeat(1024 * 1024)}"}`)).status).toBe(200);
  });
});

/** Runs the bundle until the test ends; returns what sends it a sync. */
async function startHook(): Promise<(body: string) => Promise<Response>> {
  const port = await freePort();
  const hook = spawn(process.execPath, ['hook.js'], { cwd: folder, env: { PORT: String(port), HOST: '127.0.0.1' } });
  onTestFinished(() => void hook.kill());
  await new Promise(listening => hook.stdout.once('data', listening));
  const headers = { 'content-type': 'application/json' };
  return body => fetch(`http://127.0.0.1:${port}/sync`, { method: 'POST', headers, body });
}

function withoutTimes(text: string): string {
  return text.replaceAll(/20\d\d-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
}

function freePort(): Promise<number> {
  return new Promise(found => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
