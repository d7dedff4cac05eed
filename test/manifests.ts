import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Any manifest; tests look into it freely. */
// biome-ignore lint/suspicious/noExplicitAny: a manifest of any kind, read by tests alone
export type Manifest = any;

/** The documents of a YAML file, by its path from the root of the project. */
export function manifests(path: string): Manifest[] {
  return loadAll(readFileSync(join(root, path), 'utf8'));
}

/** Every object that a kustomization lists as a resource, by file; its patches and components are not applied. */
export function resourcesOf(kustomization: string): Manifest[] {
  const [{ resources }] = manifests(kustomization);
  return resources.flatMap((resource: string) => manifests(join(dirname(kustomization), resource)));
}

/** Whether every file that a kustomization names is there. */
export function missingFiles(kustomization: string): string[] {
  const [{ resources = [], patches = [] }] = manifests(kustomization);
  const files: string[] = [...resources, ...patches.flatMap(({ path }: { path?: string }) => path ?? [])];
  return files.filter(file => !existsSync(join(root, dirname(kustomization), file)));
}
