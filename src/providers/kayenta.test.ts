import { expect, it } from 'vitest';
import { converse, first } from '../../test/analysis/converse.js';
import { kayenta as dialect } from '../../test/analysis/dialects/kayenta.js';
import type { JsonObject } from '../schema/json.js';
import { kayenta } from './kayenta.js';

const spec = dialect.spec('http://kayenta:8090');
const configurations = [{ id: 'c0ffee', name: 'errors' }];
const started = { canaryExecutionId: 'run-1' };
const scope = { scope: 'shop', region: 'eu', step: 60 };
const done = { complete: true, result: { judgeResult: { score: { score: 80 } } } };

it('waits until the judgement is there', async () => {
  const answers = [configurations, started, { complete: false }, { complete: false }, done];
  const { requests, pauses, value } = await converse(await first(kayenta, spec), answers);
  expect(value).toBe(80);
  expect(requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
    'GET /canaryConfig',
    'POST /canary/c0ffee',
    'GET /canary/run-1',
    'GET /canary/run-1',
    'GET /canary/run-1',
  ]);
  expect(pauses).toEqual([0, 0, 5000, 5000]);
});

it('takes a window as it is written', async () => {
  const window = { scope: 'shop', region: 'eu', step: 60, start: '2026-01-01T00:00:00Z', end: '2026-01-01T01:00:00Z' };
  const scopes = [{ name: 'default', controlScope: window, experimentScope: window }];
  const { requests } = await converse(await first(kayenta, { ...spec, scopes }), [configurations, started, done]);
  const { region, ...rest } = window;
  expect(JSON.parse(requests[1]?.body ?? '').scopes.default.controlScope).toEqual({ ...rest, location: region });
});

it.each([
  [[[]], 'no configuration of that canaryConfigName'],
  [[configurations, {}], 'without canaryExecutionId'],
  [[configurations, started, {}], 'whether the judgement is complete'],
])('cannot go on after %j', async (answers, message) => {
  await expect(converse(await first(kayenta, spec), answers)).rejects.toThrow(message);
});

it.each<[JsonObject, string]>([
  [{ scopes: [{ name: 'a', controlScope: scope }] }, 'kayenta.scopes[0].experimentScope is required'],
  [
    { scopes: [{ name: 'a', controlScope: { ...scope, start: 'x' }, experimentScope: scope }] },
    'set start in both scopes or in neither',
  ],
])('cannot ask %j', async (more, message) => {
  await expect(async () => first(kayenta, { ...spec, ...more })).rejects.toThrow(message);
});
