/** A provider is complete only with what its users and the contract need beside its file. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PROVIDER_NAMES, providerFor } from '../../src/providers/providers.js';
import { dialects } from './dialects/all.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Sentences, each with what to write and where; none for a provider that is complete. */
function missing(name: string): readonly string[] {
  const docs = 'docs/analysis.md';
  return [
    ...(existsSync(`${root}src/providers/${name}.ts`)
      ? []
      : [`provider ${name} has no file: write src/providers/${name}.ts`]),
    ...(dialects.some(([, dialect]) => dialect.name === name)
      ? []
      : [`provider ${name} has no contract case: write test/analysis/dialects/${name}.ts`]),
    ...(readFileSync(`${root}${docs}`, 'utf8').includes(`| \`${name}\` |`)
      ? []
      : [`provider ${name} has no row in ${docs}: run npm run generate`]),
  ];
}

describe.each(PROVIDER_NAMES)('%s', name => {
  it('has all that a provider needs', () => {
    expect(missing(name)).toEqual([]);
  });

  it('has the name under which specs configure it', () => {
    expect(providerFor(name).name).toBe(name);
  });
});

it('a provider without any of it is told what to write, and where', () => {
  expect(missing('splunk')).toEqual([
    'provider splunk has no file: write src/providers/splunk.ts',
    'provider splunk has no contract case: write test/analysis/dialects/splunk.ts',
    'provider splunk has no row in docs/analysis.md: run npm run generate',
  ]);
});
