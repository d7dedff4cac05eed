import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filled } from '../../../../test/analysis/filled.js';
import { hostileValues } from '../../../../test/analysis/hostileValues.js';
import type { Language } from '../../../schema/language.js';

test.each<[string, string, string | undefined]>([
  ['{{args.x}}', '5m', '5m'],
  ['{{args.x}}', 'a-b', undefined],
  ['"{{args.x}}"', 'a b', undefined],
  ['a {{args.x}} b', 'or', undefined],
])('a field of unknown language: %s with %j is %s', (template, value, result) => {
  const found = filled(undefined, template, { x: value });
  expect(found).toEqual(
    result === undefined ? { refused: expect.stringContaining('outside quotes') } : { text: result },
  );
});

describe('several arguments', () => {
  test.each<[Language, string, Readonly<Record<string, string>>, string | undefined]>([
    ['promql', '{{args.x}}{{args.y}}', { x: 'a', y: 'b' }, 'ab'],
    ['promql', '{{args.x}}{{args.y}}', { x: '1', y: 'or' }, undefined],
    ['promql', 'x > {{args.x}}{{args.y}}', { x: '1', y: '.5' }, undefined],
    ['promql', 'x {{args.x}}r y', { x: 'o' }, undefined],
    ['promql', 'x {{args.x}}{{args.y}} y', { x: 'o', y: 'r' }, undefined],
    ['promql', 'rate(x[{{args.x}}:{{args.y}}])', { x: '1h', y: '1m' }, 'rate(x[1h:1m])'],
    ['promql', 'up{a="{{args.x}}{{args.y}}"}', { x: '\\', y: '"' }, 'up{a="\\\\\\""}'],
    ['cel', 'result == "{{args.x}}{{args.y}}"', { x: '', y: '"' }, 'result == "\\""'],
    ['url', 'http://host/{{args.x}}{{args.y}}/a', { x: '.', y: '.' }, undefined],
    ['url', 'http://host/{{args.x}}{{args.y}}/a', { x: 'b', y: 'c d' }, undefined],
    ['url', 'http://{{args.x}}.{{args.y}}:80/a', { x: 'app', y: 'shop' }, 'http://app.shop:80/a'],
    ['data', '{{args.x}}{{args.y}}', { x: '{', y: '{args.z}}' }, undefined],
    ['data', '{{args.x}}{args.z}}', { x: '{' }, undefined],
  ])('%s: %s with %j is %s', (language, template, values, result) => {
    expect(filled(language, template, values)).toEqual(
      result === undefined ? { refused: expect.any(String) } : { text: result },
    );
  });
});

describe('a raw value', () => {
  test.each<[string, string, string, string | undefined]>([
    ['{{args.r}}', 'sum(up)', '', 'sum(up)'],
    // Whether the other value is in a string, the raw one decides.
    ['up{a={{args.r}},b="{{args.x}}"}', '"c', ' or ', undefined],
    ['up{a={{args.r}}{{args.x}}"}', '"c', '"', 'up{a="c\\""}'],
    ['{{args.r}} {{args.x}}', 'up >', '-1', 'up > -1'],
    ['{{args.r}}{{args.x}}', 'u', 'p', 'up'],
    ['{{args.r}} {{args.x}}', 'up', '-1', undefined],
  ])('is a part of the query: %s with %j', (template, raw, value, result) => {
    const found = filled('promql', template, { x: value }, { raw: { r: raw } });
    expect(found).toEqual(result === undefined ? { refused: expect.any(String) } : { text: result });
  });

  test('from a Secret makes everything after it uncertain', () => {
    const template = 'up{a={{args.r}},b="{{args.x}}"}';
    expect(filled('promql', template, { x: ' or ' }, { rawSecrets: { r: '"c"' } })).toHaveProperty('refused');
    expect(filled('promql', template, { x: 'name' }, { rawSecrets: { r: '"c"' } })).toEqual({
      text: 'up{a="c",b="name"}',
    });
  });
});

test.each([
  ['.5', '5'],
  ['-1', 'a'],
  ['1.5', 'a'],
])('%s is no operand of its own where the Secret %s precedes it', (x, s) => {
  expect(filled('promql', '{{args.s}}{{args.x}}', { x }, { secrets: { s } })).toHaveProperty('refused');
});

test('a Secret that is inserted later is held to the same rules', () => {
  const parts = ['{{args.x}}', '{{args.s}}', '"', 'a', '_', ' ', '.', '-', ':', '>', '\\', '5'];
  const templates = fc.array(fc.constantFrom(...parts), { minLength: 2, maxLength: 7 }).map(all => all.join(''));
  const languages = fc.constantFrom<Language>('promql', 'cel', 'flux', 'nrql', 'graphite', 'url', 'body', 'json');
  let inserted = 0;
  fc.assert(
    fc.property(languages, templates, hostileValues, hostileValues, (language, template, value, secret) => {
      const later = filled(language, template, { x: value }, { secrets: { s: secret } });
      if (!('text' in later)) return;
      inserted++;
      expect(later).toEqual(filled(language, template, { x: value, s: secret }));
    }),
    { numRuns: 10_000 },
  );
  expect(inserted).toBeGreaterThan(500);
});
