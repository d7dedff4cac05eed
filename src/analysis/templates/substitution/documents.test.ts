/** Conditions, JSON and URLs: what their own parsers make of them is the same, with the value in its place. */
import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filled } from '../../../../test/analysis/filled.js';
import { hostileValues, withArgument } from '../../../../test/analysis/hostileValues.js';
import { isList, isObject, type Json } from '../../../schema/json.js';
import type { Language } from '../../../schema/language.js';

/** What its arguments could not be: how often a value was inserted. */
function insertions(
  language: Language,
  templates: readonly string[],
  check: (text: string, template: string, value: string) => void,
) {
  let inserted = 0;
  fc.assert(
    fc.property(fc.constantFrom(...templates), hostileValues, (template, value) => {
      const found = filled(language, withArgument(template), { x: value });
      if (!('text' in found)) return;
      inserted++;
      check(found.text, template, value);
    }),
    { numRuns: 5000 },
  );
  return inserted;
}

/** The same document with another text in all of its texts. */
function replaced(json: Json, from: string, to: string): Json {
  if (typeof json === 'string') return json.replaceAll(from, () => to);
  if (isList(json)) return json.map(item => replaced(item, from, to));
  if (!isObject(json)) return json;
  const entries = Object.entries(json).map(([key, item]) => [
    key.replaceAll(from, () => to),
    replaced(item ?? null, from, to),
  ]);
  return Object.fromEntries(entries);
}

describe('cel', () => {
  const environment = new Environment({ unlistedVariablesAreDyn: true });

  /** Its syntax tree. A negative number is one literal. */
  function treeOf(node: unknown): Json {
    if (Array.isArray(node)) return node.map(treeOf);
    if (typeof node === 'bigint') return Number(node);
    if (typeof node !== 'object' || node === null || !('op' in node) || !('args' in node)) return node as Json;
    const args = treeOf(node.args);
    if (node.op === '-_' && isObject(args) && args['op'] === 'value')
      return { op: 'value', args: -Number(args['args']) };
    return { op: String(node.op), args };
  }

  const parsed = (text: string) => treeOf(environment.parse(text).ast);

  function isValid(text: string): boolean {
    try {
      return Boolean(parsed(text));
    } catch {
      return false;
    }
  }

  test('in a string it is a literal', () => {
    const templates = [
      'result == "@"',
      "result.all(x, x != 'a@b') && true",
      'result == "\\"@" || result == \'@\'',
      'result in ["@", """@""", r"@"]',
      'result["@"] > 0 // "@\n && result != "@"',
      'r"\\d@" == result',
    ];
    const count = insertions('cel', templates, (text, template, value) => {
      expect(parsed(text)).toEqual(replaced(parsed(template.replaceAll('@', 'standin0')), 'standin0', value));
    });
    expect(count).toBeGreaterThan(500);
  });

  test('outside strings it is a number, true, false, null or the name of a field', () => {
    const templates = [
      'result > @',
      '@ < result && result - 1 < @',
      'result[@] == 1',
      '[@, 1].all(x, x > @)',
      '@ ? 1 : 2',
      'result @ 1',
      'result @',
    ];
    const count = insertions('cel', templates, (text, template, value) => {
      const standIn = template.replaceAll('@', '424242');
      expect(isValid(text)).toBe(isValid(standIn));
      if (!isValid(text)) return;
      const [left, right] = [parsed(text), parsed(standIn)];
      const literal = /^(?:true|false|null)$/.test(value) ? JSON.parse(value) : Number(value);
      expect(JSON.stringify(left)).toBe(JSON.stringify(right).replaceAll('424242', JSON.stringify(literal)));
    });
    expect(count).toBeGreaterThan(200);
    const fields = insertions('cel', ['result.@ > 0', 'result.p@ > 0', '!result.@.a'], (text, template, value) => {
      expect(parsed(text)).toEqual(replaced(parsed(template.replaceAll('@', 'standin0')), 'standin0', value));
    });
    expect(fields).toBeGreaterThan(200);
  });
});

test('a body of JSON is the same document', () => {
  const templates = ['{"a": "@", "b": ["x@y", "\\"@\\\\@"]}', '["@@", {"@": 1}]', '"@"', '{"a": {"b": "\\n@"}}'];
  const count = insertions('body', templates, (text, template, value) => {
    expect(JSON.parse(text)).toEqual(replaced(JSON.parse(template), '@', value));
  });
  expect(count).toBeGreaterThan(2000);
  const numbers = insertions('body', ['{"a": [@]}', '[1,@]'], (text, _, value) => {
    expect(JSON.stringify(JSON.parse(text))).toMatch(/^\{"a":\[[^,{["]+\]\}$|^\[1,[^,{["]+\]$/);
    expect(String(JSON.parse(value))).not.toBe('');
  });
  expect(numbers).toBeGreaterThan(200);
});

describe('a URL', () => {
  /** Its parts, without what is in them. */
  function outline({ protocol, username, port, hostname, pathname, searchParams }: URL) {
    const host = hostname.split('.').slice(-2);
    return {
      protocol,
      host,
      port,
      user: username !== '',
      path: pathname.split('/').length,
      parameters: [...searchParams].length,
    };
  }

  test('keeps its host, the segments of its path and its parameters', () => {
    const templates = [
      'http://host/a/@/b',
      'http://host/a@b?c=@',
      'http://host/?a=@&b=@#c',
      'http://host/?@=1&b=x@',
      'https://@.shop.svc:8080/a?b=1',
      'http://host/@?@=@#@',
      'http://host/a/@/@/?query=up{a="@"}',
    ];
    const count = insertions('url', templates, (text, template, value) => {
      const url = new URL(text);
      expect(outline(url)).toEqual(outline(new URL(template.replaceAll('@', 'x'))));
      const [whole] = template.includes('?a=@') ? [url.searchParams.get('a')] : [];
      if (whole !== undefined) expect(whole).toBe(Buffer.from(value).toString());
    });
    expect(count).toBeGreaterThan(500);
  });

  test('keeps the user, and all that follows a base', () => {
    for (const value of ['p@ss', 'a:b', 'x/y?z#', '%']) {
      const found = filled('url', 'http://me:{{args.x}}@host/a', { x: value });
      const url = new URL('text' in found ? found.text : '');
      expect([url.host, decodeURIComponent(url.password), url.pathname]).toEqual(['host', value, '/a']);
    }
    for (const value of ['http://a:80/b', 'https://a', 'http://u:p@a/b/']) {
      const found = filled('url', '{{args.x}}/c?d=1', { x: value });
      const url = new URL('text' in found ? found.text : '');
      expect([url.pathname.endsWith('/c'), url.search]).toEqual([true, '?d=1']);
    }
  });
});

describe('a string means the value', () => {
  const NAMED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
  const unescaped = (text: string) =>
    text.replace(/\\(?:x([\da-f]{2})|(.))/gs, (_, hex: string | undefined, character: string) =>
      hex === undefined ? (NAMED[character] ?? character) : String.fromCharCode(Number.parseInt(hex, 16)),
    );

  test.each(['promql', 'flux'] as const)('%s', language => {
    const count = insertions(language, ['x == "@"'], (text, _, value) => {
      expect(unescaped(text.slice(6, -1))).toBe(value);
    });
    expect(count).toBe(5000);
  });

  test.each(['graphql', 'jsonPath'] as const)('%s', language => {
    const count = insertions(language, ['"@"'], (text, _, value) => expect(JSON.parse(text)).toBe(value));
    expect(count).toBe(5000);
  });
});
