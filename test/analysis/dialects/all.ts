/** Every metrics system that analysis can query: those of a provider are in the file with its name. */
import { existsSync } from 'node:fs';
import { PROVIDER_NAMES, type ProviderName } from '../../../src/providers/providers.js';
import type { Dialect } from '../dialect.js';

export const dialects: readonly (readonly [string, Dialect])[] = (
  await Promise.all(PROVIDER_NAMES.map(dialectsOf))
).flat();

/** Under the names of their exports; none where the file is missing: registry.test.ts asks for it. */
async function dialectsOf(name: ProviderName): Promise<readonly (readonly [string, Dialect])[]> {
  const file = new URL(`${name}.ts`, import.meta.url);
  if (!existsSync(file)) return [];
  const exported: Readonly<Record<string, unknown>> = await import(/* @vite-ignore */ file.href);
  return Object.entries(exported).flatMap(([title, value]) => (isDialect(value) ? [[title, value] as const] : []));
}

function isDialect(value: unknown): value is Dialect {
  return typeof value === 'object' && value !== null && 'answer' in value && 'expected' in value;
}
