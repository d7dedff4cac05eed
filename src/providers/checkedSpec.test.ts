import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { CANARY } from '../../test/analysis/dialect.js';
import type { Json } from '../schema/json.js';
import { anyObject, choice, flag, intOrString, list, shape, text, textMap, whole } from '../schema/schema.js';
import { checkedSpec } from './checkedSpec.js';

const schema = shape(
  {
    query: text({ minLength: 1, maxLength: 20, description: 'query' }),
    timeout: Type.Optional(whole({ minimum: 1, maximum: 300, description: 'timeout' })),
    window: Type.Optional(intOrString({ description: 'window' })),
    insecure: Type.Optional(flag({ description: 'insecure' })),
    method: Type.Optional(choice(['GET', 'POST'], { description: 'method' })),
    headers: Type.Optional(
      list(
        shape({ key: text({ description: 'key' }), value: text({ description: 'value' }) }, { description: 'one' }),
        {
          description: 'headers',
        },
      ),
    ),
    labels: Type.Optional(textMap({ description: 'labels' })),
    body: Type.Optional(anyObject({ description: 'body' })),
  },
  { description: 'a spec' },
);

const LONG = 'x'.repeat(100_000);

const check = (spec: Json) => checkedSpec('acme', schema, spec);

describe('what args leave behind', () => {
  it.each<[string, object, object]>([
    ['a number as a string', { timeout: '5' }, { timeout: 5 }],
    ['a string as a number', { query: 7 }, { query: '7' }],
    ['a number out of the range for objects', { timeout: '1e3' }, { timeout: 1000 }],
    ['a fraction of a second', { timeout: 0.05 }, { timeout: 0.05 }],
    ['a number in a map', { labels: { a: 5 } }, { labels: { a: '5' } }],
    ['a long text of a Secret', { query: LONG }, { query: LONG }],
    ['flags as strings', { insecure: 'true' }, { insecure: true }],
    ['flags as strings', { insecure: 'false' }, { insecure: false }],
    ['empty optional fields', { method: '', window: null, timeout: '' }, {}],
    ['a duration as it is', { window: '5m' }, { window: '5m' }],
    [
      'an empty required field of an item',
      { headers: [{ key: 'a', value: '' }] },
      { headers: [{ key: 'a', value: '' }] },
    ],
    ['free JSON as it is', { body: { a: '', b: null, c: '5' } }, { body: { a: '', b: null, c: '5' } }],
    ['fields that no schema has', { other: 1 }, {}],
  ])('%s', (_, written, read) => {
    expect(check({ query: 'up', ...written })).toEqual({ query: 'up', ...read });
  });
});

describe('is refused by its path, without its value', () => {
  it.each<[string, Json]>([
    ['acme must be an object', null],
    ['acme must be an object', [CANARY]],
    ['acme must be an object', CANARY],
    ['acme.query is required', {}],
    ['acme.query must not be empty', { query: '' }],
    ['acme.query must be a string', { query: { [CANARY]: 1 } }],
    ['acme.timeout must be an integer', { query: 'up', timeout: CANARY }],
    ['acme.timeout must be an integer', { query: 'up', timeout: 'Infinity' }],
    ['acme.window must be an integer or a string', { query: 'up', window: [CANARY] }],
    ['acme.insecure must be true or false', { query: 'up', insecure: CANARY }],
    ['acme.method must be one of GET, POST', { query: 'up', method: CANARY }],
    ['acme.headers must be a list', { query: 'up', headers: { a: CANARY } }],
    ['acme.headers[0] must be an object', { query: 'up', headers: [CANARY] }],
    ['acme.headers[0].value is required', { query: 'up', headers: [{ key: 'a' }] }],
    ['acme.labels[a/b] must be a string', { query: 'up', labels: { 'a/b': [CANARY] } }],
    ['acme.body must be an object', { query: 'up', body: CANARY }],
  ])('%s', (message, written) => {
    const thrown = () => check(written);
    expect(thrown).toThrow(expect.objectContaining({ name: 'QueryError', kind: 'spec', message }));
  });
});

it('a field called __proto__ is no field of the spec and changes none', () => {
  expect(check(JSON.parse('{"query": "up", "__proto__": {"timeout": 5}}'))).toEqual({ query: 'up' });
  expect(() => check(JSON.parse('{"__proto__": {"query": "up"}}'))).toThrow('acme.query is required');
});
