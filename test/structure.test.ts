/** Each exported name has one meaning, and no type is forced upon a value. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .map(file => join('src', file));
const sources = files.map(file => ({ file, text: readFileSync(join(root, file), 'utf8') }));

const DECLARATION = /^export (?:abstract |async )?(?:const|function\*?|type|interface|class|let|enum) (\w+)/gm;

/** Names that a file exports and declares; an overloaded function once. */
function declaredIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(DECLARATION)].map(([, name = '']) => name))];
}

it('an exported name is declared in one file', () => {
  const filesOf = new Map<string, string[]>();
  for (const { file, text } of sources.filter(source => !source.file.endsWith('.test.ts'))) {
    for (const name of declaredIn(text)) filesOf.set(name, [...(filesOf.get(name) ?? []), file]);
  }
  const repeated = [...filesOf].filter(([, where]) => where.length > 1);
  expect(repeated.map(([name, where]) => `${name}: ${where.join(', ')}`)).toEqual([]);
});

it('no value is cast by way of unknown', () => {
  const cast = sources.filter(({ text }) => /\bas\s+unknown\s+as\b/.test(text)).map(({ file }) => file);
  expect(cast).toEqual([]);
});
