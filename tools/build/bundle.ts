/** The hook as one file: what it needs of its packages is in it, so that its image has no node_modules. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';

export const BUNDLE = 'hook.js';

/** Packages that are CommonJS call require; a module has none of its own. */
const REQUIRE = "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);";

/** Writes `<folder>/hook.js` and its source map. Run from the root of the project. */
export async function bundleHook(folder: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: ['src/main.ts'],
    outfile: join(folder, BUNDLE),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    banner: { js: REQUIRE },
    logLevel: 'warning',
  });
  return metafile;
}

/** Paths of the project's own files that are in the bundle, from its root. */
export function ownInputs({ inputs }: Metafile): readonly string[] {
  return Object.keys(inputs).filter(path => !path.startsWith('node_modules/'));
}

/** The licences of the bundled packages, which have to go with it. */
export function licencesOf({ inputs }: Metafile): string {
  const folders = new Set(Object.keys(inputs).flatMap(path => path.match(PACKAGE_FOLDER)?.[0] ?? []));
  return [...folders]
    .sort()
    .map(licenceIn)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

const PACKAGE_FOLDER = /^.*node_modules\/(@[^/]+\/)?[^/]+/;

function licenceIn(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = existsSync(folder) && readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry));
  return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), 'utf8') : ''}`;
}
