import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Role } from './priority.js';
import { startWatched, type WatchedProcess } from './watchedProcess.js';

/** Packages that are CommonJS call require; a module has none of its own. */
const REQUIRE = "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);";

/** Runs a TypeScript file in a process of its own, with everything that it imports. */
export async function startBundled(entry: string, role: Role): Promise<WatchedProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'attacks-'));
  const outfile = join(folder, 'main.mjs');
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    banner: { js: REQUIRE },
    logLevel: 'warning',
  });
  const started = startWatched(outfile, { role });
  started.child.once('exit', () => rmSync(folder, { recursive: true }));
  return started;
}
