import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from './json.js';
import { readPath } from './jsonPath.js';

const value: Json = {
  spec: {
    routes: [
      { name: 'old', weight: 80, tags: ['a'] },
      { name: 'new', weight: 20, 'x-y': { on: true } },
    ],
  },
};

function select(written: string, json: Json = value) {
  const read = readPath(written);
  if (!read.ok) throw new Error(read.problem);
  return read.path.select(json);
}

describe('a path of the bounded form', () => {
  it.each<[string, Json[]]>([
    ['$.spec.routes[1].weight', [20]],
    ["$['spec']['routes'][-1]['name']", ['new']],
    ['$.spec.routes[*].weight', [80, 20]],
    ['$.spec.routes[1:].weight', [20]],
    ['$..weight', [80, 20]],
    ["$.spec.routes[?@.name=='new'].weight", [20]],
    ["$.spec.routes[?'new'==@.name && @.weight<50].weight", [20]],
    ["$.spec.routes[?@.name!='new' || !(@.weight>50)].weight", [80, 20]],
    ["$.spec.routes[?@['x-y'].on].weight", [20]],
    ['$.spec.routes[?@.tags[0]].weight', [80]],
    ["$..[?@.name=='new'].weight", [20]],
    ['$.nothing', []],
  ])('%s finds', (path, found) => {
    expect(select(path)).toEqual(found);
  });
});

describe('a path of another form', () => {
  const bomb = '[?search(@,"^(a+)+$")]';
  it.each([
    ['$.a[', 'is not a JSONPath'],
    ['a.b', 'is not a JSONPath'],
    ['', 'is not a JSONPath'],
    [`$${'['.repeat(5000)}`, 'is not a JSONPath'],
    ['$..*..*', 'has .. twice'],
    ['$[*,*][*,*]', 'has several selectors in one pair of brackets'],
    ["$['a','b']", 'has several selectors in one pair of brackets'],
    [`$.spec${bomb}`, 'has a filter that does more than'],
    ['$[?match(@.a,"x")]', 'has a filter that does more than'],
    ['$[?length(@.a)>2]', 'has a filter that does more than'],
    ['$[?count(@..*)>2]', 'has a filter that does more than'],
    ['$[?@..a]', 'has a filter that does more than'],
    ['$[?@.*]', 'has a filter that does more than'],
    ['$[?@[?@.a]]', 'has a filter that does more than'],
    ['$[?@[1:2]]', 'has a filter that does more than'],
    ["$[?@['a','b']]", 'has a filter that does more than'],
    ['$[?$.a]', 'has a filter that does more than'],
    ['$[?@.a==@.b]', 'has a filter that does more than'],
    ["$[?$.a=='x']", 'has a filter that does more than'],
    [`$[?@.a==1 && @.b==@.c]`, 'has a filter that does more than'],
    [`$[?@.a==1 || !(@.b==@.c)]`, 'has a filter that does more than'],
  ])('%s is refused', (path, problem) => {
    expect(readPath(path)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });
});

describe('a value that is too large', () => {
  const list = (length: number): Json => Array(length).fill(0);

  it('is not searched: values times terms', () => {
    expect(select('$[:1]', list(24_000))).toEqual([0]);
    expect(select('$[:1]', list(26_000))).toBeUndefined();
    expect(select('$[:1]', Array(200).fill(list(200)))).toBeUndefined();
    expect(select('$..a', list(12_000))).toEqual([]);
    expect(select('$..a', list(17_000))).toBeUndefined();
    expect(select('$[?@.a==1 || @.b==1 || @.c==1]', list(24_000))).toBeUndefined();
  });

  it('is searched for one value', () => {
    expect(select("$['a'][0]", { a: list(200_000) })).toEqual([0]);
  });

  it('is searched by * up to one visit of each value', () => {
    expect(select('$[*].a', list(49_000))).toEqual([]);
    expect(select('$[*].a', list(51_000))).toBeUndefined();
  });

  it('or too deep', () => {
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    expect(select('$..a', deep)).toBeUndefined();
    expect(select('$[0]', deep)).toHaveLength(1);
  });
});

it('no path of any selectors, in any order, finds more values than there are', () => {
  const selector = fc.constantFrom(
    '.a',
    '[*]',
    '..a',
    '..*',
    '[0]',
    '[-1:]',
    '[?@.a]',
    '[?@.a==1]',
    '[?@.a==1||@.b]',
    '..[?@.a!=1]',
  );
  const path = fc.array(selector, { minLength: 1, maxLength: 12 }).map(parts => `$${parts.join('')}`);
  const json = fc.jsonValue({ maxDepth: 5 });
  fc.assert(
    fc.property(path, json, (written, any) => {
      const read = readPath(written);
      if (!read.ok) return;
      const values = JSON.stringify(any).split(/[,[{:]/).length;
      expect(read.path.select(any as Json)?.length ?? 0).toBeLessThanOrEqual(values);
    }),
    { numRuns: 500 },
  );
});
