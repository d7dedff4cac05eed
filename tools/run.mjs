/**
 * `node tools/run.mjs demo …`: runs tools/demo/main.ts as one file, which is bundled again only when a file that it is
 * made of has changed. Run from the root of the project.
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const CACHE = 'node_modules/.cache/stormservice-rollouts';

/** Packages that are CommonJS call require; a module has none of its own. */
const REQUIRE = "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);";

const [tool] = process.argv.splice(2, 1);
const bundle = resolve(CACHE, `${tool}.mjs`);
const inputs = `${bundle}.inputs.json`;

if (!isCurrent()) {
  const { metafile } = await build({
    entryPoints: [`tools/${tool}/main.ts`],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'linked',
    external: ['esbuild'],
    banner: { js: REQUIRE },
    metafile: true,
    logLevel: 'warning',
  });
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(inputs, JSON.stringify(Object.keys(metafile.inputs)));
}
process.setSourceMapsEnabled(true);
await import(pathToFileURL(bundle).href);

/** Whether the bundle is there and newer than everything that it is made of. */
function isCurrent() {
  try {
    const made = statSync(bundle).mtimeMs;
    return JSON.parse(readFileSync(inputs, 'utf8')).every(file => statSync(file).mtimeMs < made);
  } catch {
    return false;
  }
}
