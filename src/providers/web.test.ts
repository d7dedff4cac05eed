import { describe, expect, it } from 'vitest';
import { converse, first } from '../../test/analysis/converse.js';
import type { JsonObject } from '../schema/json.js';
import { web } from './web.js';
import { webhook } from './webhook.js';

const url = 'http://metrics.example/q';
const read = async (more: JsonObject, body: string) =>
  (await converse(await first(web, { url, ...more }), [{ status: 200, body }])).value;

describe('jsonPath', () => {
  it.each([
    ['{$.data.x}', 1],
    ['$.data.x', 1],
    ['{.data.x}', 1],
    ['data.x', 1],
    ["{$['data']['list'][1]}", 'b'],
    ['{$}', { data: { x: 1, list: ['a', 'b'], none: null } }],
    ['', { data: { x: 1, list: ['a', 'b'], none: null } }],
    ['{$.data.none}', null],
    ['$.data.list[*]', 'a'],
  ])('%s', async (jsonPath, expected) => {
    expect(await read({ jsonPath }, '{"data":{"x":1,"list":["a","b"],"none":null}}')).toEqual(expected);
  });
});

it('takes a body that is no JSON as a text, unless something is looked for in it', async () => {
  expect(await read({}, 'OK')).toBe('OK');
  await expect(read({ jsonPath: '$.x' }, 'OK')).rejects.toThrow('the answer is not JSON');
  await expect(read({}, '')).rejects.toThrow('the answer is empty');
});

it.each([
  [{ body: 'a' }, 'require method POST or PUT'],
  [{ method: 'POST', body: 'a', jsonBody: {} }, 'body and jsonBody are mutually exclusive'],
  [{ method: 'DELETE' }, 'web.method must be one of GET, POST, PUT'],
])('cannot ask %j', async (more, message) => {
  await expect(first(web, { url, ...more })).rejects.toThrow(message);
});

it('sends a body as it is', async () => {
  const { request } = await first(web, {
    url,
    method: 'PUT',
    body: 'a=1',
    headers: [{ key: 'Content-Type', value: 'text/x' }],
  });
  expect(request).toEqual({ method: 'PUT', url, body: 'a=1', headers: { 'content-type': 'text/x' } });
});

it('a webhook sends the body that the metric has instead of its own', async () => {
  const { request } = await first(webhook, { url, jsonBody: { load: 10 }, headers: [{ key: 'X-A', value: 'b' }] });
  expect(request).toMatchObject({
    method: 'POST',
    body: '{"load":10}',
    headers: { 'x-a': 'b', 'content-type': 'application/json' },
  });
});
