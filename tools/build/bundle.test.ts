import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
    const port = await freePort();
    const hook = spawn(process.execPath, ['hook.js'], { cwd: folder, env: { PORT: String(port), HOST: '127.0.0.1' } });
    try {
      await new Promise(listening => hook.stdout.once('data', listening));
      const body = readFileSync('test/fixtures/sync-stable.json');
      const answer = await fetch(`http://127.0.0.1:${port}/sync`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect(answer.status).toBe(200);
      expect(await answer.json()).toHaveProperty('status.rolloutStatus');
    } finally {
      hook.kill();
    }
  });
});

function freePort(): Promise<number> {
  return new Promise(found => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
