import { expect, it } from 'vitest';
import { converse, first } from '../../test/analysis/converse.js';
import type { Json, JsonObject } from '../schema/json.js';
import { datadog } from './datadog.js';

const secrets = { 'api-key': 'a', 'app-key': 'b' };
const ask = (spec: JsonObject) => first(datadog, spec, secrets);

it('asks datadoghq.com, five minutes back, unless told otherwise', async () => {
  const { request } = await ask({ query: 'avg:x{*}' });
  const { origin, searchParams } = new URL(request.url);
  expect(origin).toBe('https://api.datadoghq.com');
  expect(Number(searchParams.get('to')) - Number(searchParams.get('from'))).toBe(300);
});

it.each<[string, Json[], Json]>([
  [
    'one group is a list as well',
    [
      { type: 'group', name: 'pod', values: [['a']] },
      { type: 'number', values: [1] },
    ],
    [1],
  ],
  [
    'groups without data are left out',
    [
      { type: 'number', values: [1, null, 3] },
      { type: 'group', values: [['a'], ['b'], ['c']] },
    ],
    [1, 3],
  ],
  ['columns of an old answer have no type', [{ values: [4] }], 4],
  [
    'the first of several number columns counts',
    [
      { type: 'number', values: [1] },
      { type: 'number', values: [2] },
    ],
    1,
  ],
  ['no column at all', [], null],
])('v2: %s', async (_, columns, expected) => {
  const start = await ask({ apiVersion: 'v2', query: 'avg:x{*}' });
  const { value, requests } = await converse(start, [{ data: { attributes: { columns } } }]);
  expect(value).toEqual(expected);
  expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({
    data: {
      attributes: {
        formulas: [],
        queries: [{ aggregator: 'last', data_source: 'metrics', name: 'query', query: 'avg:x{*}' }],
      },
    },
  });
});

it.each<[Json, Json | string]>([
  [{ series: [{ pointlist: [] }] }, null],
  [{ series: [{ pointlist: [[1, null]] }] }, null],
  [{ series: [{ pointlist: [[1, 2, 3]] }] }, 'a point does not have two values'],
])('v1: %j', async (answer, expected) => {
  const conversation = ask({ query: 'x' }).then(start => converse(start, [answer]));
  if (typeof expected === 'string') await expect(conversation).rejects.toThrow(expected);
  else expect((await conversation).value).toEqual(expected);
});

it('says that the query has errors', async () => {
  const start = await ask({ apiVersion: 'v2', query: 'x' });
  await expect(converse(start, [{ data: { errors: 'secret' } }])).rejects.toThrow(
    /^Datadog found errors in the query$/,
  );
});

it.each([
  [{}, 'exactly one of query and queries is required'],
  [{ query: 'x', queries: { a: 'y' }, apiVersion: 'v2' }, 'exactly one of query and queries is required'],
  [{ queries: { a: 'y' } }, 'apiVersion v1 takes query only'],
  [{ query: 'x', aggregator: 'sum' }, 'aggregator needs apiVersion v2'],
  [{ query: 'x', formula: 'a', apiVersion: 'v2' }, 'formula needs queries'],
  [{ queries: { a: 'x', b: 'y' }, apiVersion: 'v2' }, 'several queries need a formula'],
  [{ query: 'x', apiVersion: 'v3' }, 'datadog.apiVersion must be one of v1, v2'],
  [{ query: 'x', interval: 'long' }, 'datadog.interval is not a duration'],
])('cannot ask %j', async (spec, message) => {
  await expect(ask(spec)).rejects.toThrow(message);
});

it('needs both keys', async () => {
  await expect(first(datadog, { query: 'x' }, { 'api-key': 'a' })).rejects.toThrow('the Secret has no app-key');
});
