import { Type } from 'typebox';
import { describe, expect, it, test } from 'vitest';
import { MetricSchema } from '../api/analysis/metric.js';
import { inLanguage, LANGUAGE, LANGUAGES } from '../schema/language.js';
import { anyObject, choice, intOrString, list, shape, text, textMap, whole } from '../schema/schema.js';
import { PROVIDER_NAMES, providerFor } from './providers.js';

interface Node {
  readonly [LANGUAGE]?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, object>>;
  readonly items?: object;
}

/** Fields that can hold a text of any form and do not say in which language it is. */
function undeclared(schema: object, path: string): readonly string[] {
  const node: Node = schema;
  if (node.items !== undefined) return undeclared(node.items, `${path}[]`);
  if (node.properties !== undefined) {
    return Object.entries(node.properties).flatMap(([name, field]) => undeclared(field, `${path}.${name}`));
  }
  const isClosed = node.type === 'integer' || node.type === 'boolean' || node.enum !== undefined;
  return isClosed || LANGUAGES.some(language => language === node[LANGUAGE]) ? [] : [path];
}

describe.each(PROVIDER_NAMES)('%s', name => {
  it('declares the language of all its texts', () => {
    expect(undeclared(providerFor(name).schema, name)).toEqual([]);
  });
});

test('a metric declares the language of all its texts', () => {
  expect(undeclared(MetricSchema, 'metric')).toEqual([]);
});

test('a text without a language is found, wherever it is', () => {
  const described = { description: '.' };
  const inner = shape(
    {
      a: text(described),
      b: inLanguage('data', text(described)),
      c: whole(described),
      d: choice(['x'], described),
      e: Type.Optional(textMap(described)),
      f: anyObject(described),
      g: intOrString(described),
      h: inLanguage('json', anyObject(described)),
    },
    described,
  );
  const schema = shape({ one: inner, many: list(text(described), described) }, described);
  expect(undeclared(schema, 'p')).toEqual(['p.one.a', 'p.one.e', 'p.one.f', 'p.one.g', 'p.many[]']);
});
