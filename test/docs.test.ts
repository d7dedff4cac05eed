/** What the pages say of this repository is so: files, commands, annotations. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { checkObject } from '../src/api/checkObject.js';
import * as names from '../src/schema/names.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = [
  ...readdirSync(root).filter(file => file.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.md'))
    .map(file => `docs/${file}`),
];
const { scripts } = JSON.parse(read('package.json'));

/** What stands in code of a page, in blocks and in lines. */
function matches(page: string, pattern: RegExp): readonly string[] {
  return [...read(page).matchAll(pattern)].map(([, found]) => found!);
}

describe.each(pages)('%s', page => {
  it('links to files that are there', () => {
    const links = matches(page, /\]\(([^)#\s]+)(?:#[^)]*)?\)/g).filter(link => !/^[a-z]+:/.test(link));
    expect(links.filter(link => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });

  it('names samples that are there, and images that stand in them', () => {
    const files = matches(page, /\b(samples\/rollout\/[\w-]+\.yaml)/g);
    expect(files.filter(file => !existsSync(join(root, file)))).toEqual([]);
    for (const [, from, file] of read(page).matchAll(/sed 's#([^#]+)#[^#]+#' (?:\\\n\s*)?(\S+)/g)) {
      expect(read(file!), file).toContain(from);
    }
  });

  it('shows StormServices that are valid', () => {
    const blocks = matches(page, /```yaml\n(apiVersion: orchestration[^`]+)```/g);
    for (const block of blocks) expect(checkObject(load(block), 'dynamic-apply')).toEqual([]);
  });

  it('names tests that are there', () => {
    const tests = matches(page, /`((?:src|test|tools)\/[\w/.-]+\.test\.ts)`/g);
    expect(tests.filter(file => !existsSync(join(root, file)))).toEqual([]);
  });

  it('names scripts of package.json', () => {
    const named = matches(page, /npm run ([\w:]+)/g);
    expect(named.filter(name => scripts[name] === undefined)).toEqual([]);
  });

  it('names annotations that exist', () => {
    const known: readonly unknown[] = Object.values(names);
    expect(matches(page, /(aibrix\.io\/rollout-[a-z]+)/g).filter(name => !known.includes(name))).toEqual([]);
  });
});

it('docs/samples.md has every sample', () => {
  const samples = readdirSync(join(root, 'samples/rollout'));
  expect(samples.filter(file => !read('docs/samples.md').includes(file))).toEqual([]);
});

describe('CONTRIBUTING.md', () => {
  const questions = matches('CONTRIBUTING.md', /^(\| [^|]+\? \|.*)\|$/gm).map(row => ({
    question: row.slice(2, row.indexOf('?') + 1),
    files: [...row.matchAll(/`([^`]+\.ts)`/g)].map(([, file = '']) => file.replace('<router>', 'istio')),
  }));
  const limits = [9, 7, 5, 5, 4];

  it.each(questions.map((row, i) => ({ ...row, limit: limits[i] ?? 0 })))('$question', ({ files, limit }) => {
    expect(files.length).toBeGreaterThan(1);
    expect(files.length).toBeLessThanOrEqual(limit);
    const lost = files.filter((file, i) => i > 0 && !files.slice(0, i).some(earlier => leadsTo(earlier, file)));
    expect(lost).toEqual([]);
  });

  it('answers every question that has a limit', () => {
    expect(questions).toHaveLength(limits.length);
  });

  it('names files that exist', () => {
    const named = matches('CONTRIBUTING.md', /`((?:src|test|tools)\/[\w/.-]+\.(?:ts|mjs))`/g);
    expect(named.filter(file => !existsSync(join(root, file)))).toEqual([]);
  });
});

/** Whether a file imports another one, if need be by the index of its folder: a router by its own file. */
function leadsTo(from: string, to: string): boolean {
  const text = read(from);
  const isImported = (file: string) => text.includes(`from '${relativeImport(from, file)}'`);
  return isImported(to) || isImported(join(dirname(to), `${dirname(to).split('/').at(-1)}.ts`));
}

function relativeImport(from: string, to: string): string {
  const path = relative(dirname(from), to).replace(/\.ts$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
}
