import { describe, expect, it } from 'vitest';
import { converse, first, NOW } from '../../test/analysis/converse.js';
import { isSigned } from '../../test/analysis/dialects/cloudWatch.js';
import type { JsonObject } from '../schema/json.js';
import { prometheus } from './prometheus.js';

const spec = { address: 'http://prometheus.monitoring:9090/prefix/', query: 'up == 1' };
const scalar = { status: 'success', data: { resultType: 'scalar', result: [1, '7'] } };
const ask = (more: JsonObject = {}, secrets = {}) => first(prometheus, { ...spec, ...more }, secrets);

it('asks for an instant, below the path of the address', async () => {
  const { request } = await ask();
  expect(request).toMatchObject({
    method: 'POST',
    url: 'http://prometheus.monitoring:9090/prefix/api/v1/query',
    body: 'query=up+%3D%3D+1',
  });
});

it('asks for a range', async () => {
  const { request } = await ask({ rangeQuery: { start: 'now() - duration("1h")', step: '5m' } });
  expect(request.url).toBe('http://prometheus.monitoring:9090/prefix/api/v1/query_range');
  expect(Object.fromEntries(new URLSearchParams(request.body))).toEqual({
    query: 'up == 1',
    start: String(NOW / 1000 - 3600),
    end: String(NOW / 1000),
    step: '300',
  });
});

it.each([405, 501])('asks with GET where POST is answered %i', async status => {
  const { requests, value } = await converse(await ask(), [{ status, body: '' }, scalar]);
  expect(value).toBe(7);
  expect(requests[1]).toMatchObject({
    method: 'GET',
    url: 'http://prometheus.monitoring:9090/prefix/api/v1/query?query=up+%3D%3D+1',
  });
});

it('takes all values of all series of a range', async () => {
  const result = [
    {
      values: [
        [1, '1'],
        [2, 'NaN'],
      ],
    },
    { values: [[1, '-Inf']] },
  ];
  const { value } = await converse(await ask(), [{ status: 'success', data: { resultType: 'matrix', result } }]);
  expect(value).toEqual([1, Number.NaN, Number.NEGATIVE_INFINITY]);
});

it.each([
  [{ status: 'success', data: { resultType: 'string', result: [1, 'x'] } }, 'resultType is not'],
  [{ status: 'success', data: { resultType: 'vector', result: [{ value: [1, 'x'] }] } }, 'a value is not a number'],
  [{ status: 'success', data: { resultType: 'vector', result: [{ histogram: [] }] } }, 'a value is not a number'],
  [{ status: 'error', errorType: 'bad_data' }, 'its status is not success'],
])('cannot read %j', async (answer, message) => {
  await expect(converse(await ask(), [answer])).rejects.toThrow(message);
});

it('names the kind of a failure only when it is one that Prometheus has', async () => {
  const fail = async (errorType: string) =>
    converse(await ask(), [{ status: 503, body: JSON.stringify({ status: 'error', errorType, error: 'secret' }) }]);
  await expect(fail('timeout')).rejects.toThrow(/^Prometheus answered HTTP 503 \(timeout\)$/);
  await expect(fail('secret')).rejects.toThrow(/^Prometheus answered HTTP 503$/);
});

describe('authentication', () => {
  const authorization = async (authentication: JsonObject) =>
    (await ask({ authentication })).request.headers?.['authorization'];

  it('by password', async () => {
    expect(await authorization({ basicAuth: { username: 'me', password: 'pä:ss' } })).toBe(
      `Basic ${Buffer.from('me:pä:ss').toString('base64')}`,
    );
    await expect(authorization({ basicAuth: { username: 'me' } })).rejects.toThrow('basicAuth.password is required');
  });

  it('by bearer token, for GET as well', async () => {
    const start = await ask({ authentication: { bearer: { token: 't' } } });
    const { requests } = await converse(start, [{ status: 405, body: '' }, scalar]);
    expect(requests.map(({ headers }) => headers?.['authorization'])).toEqual(['Bearer t', 'Bearer t']);
  });

  it('by AWS signature, with the keys of its Secret and never with our own', async () => {
    const authentication = { sigv4: { region: 'us-east-1', secretRef: { name: 'aws' } } };
    const { request } = await ask(
      { authentication },
      { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'key' },
    );
    const url = new URL(request.url);
    const received = {
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: { host: url.host, ...request.headers },
      body: request.body ?? '',
    };
    expect(isSigned(received, { secret: 'key', region: 'us-east-1', service: 'aps' })).toBe(true);
    await expect(ask({ authentication })).rejects.toThrow('the Secret has no AWS_ACCESS_KEY_ID');
  });

  const oauth2 = {
    tokenUrl: 'https://login.example/token',
    clientId: 'id',
    clientSecret: 's/cret',
    scopes: ['read', 'list'],
  };

  it('by OAuth 2, the client in the header', async () => {
    const start = await ask({ authentication: { oauth2 } });
    const { requests, value } = await converse(start, [{ access_token: 'T', token_type: 'Bearer' }, scalar]);
    expect(value).toBe(7);
    expect(requests[0]).toMatchObject({
      method: 'POST',
      url: 'https://login.example/token',
      headers: { authorization: `Basic ${btoa('id:s%2Fcret')}` },
      body: 'grant_type=client_credentials&scope=read+list',
    });
    expect(requests[1]?.headers?.['authorization']).toBe('Bearer T');
  });

  it('by OAuth 2, the client in the body where the header is not taken', async () => {
    const start = await ask({ authentication: { oauth2 } });
    const { requests } = await converse(start, [{ status: 401, body: '' }, { access_token: 'T' }, scalar]);
    expect(requests[1]?.body).toBe('grant_type=client_credentials&scope=read+list&client_id=id&client_secret=s%2Fcret');
    expect(requests[1]?.headers).not.toHaveProperty('authorization');
    expect(requests[2]?.headers?.['authorization']).toBe('Bearer T');
  });

  it('by OAuth 2 without a token', async () => {
    const start = await ask({ authentication: { oauth2 } });
    await expect(converse(start, [{ error: 'no' }])).rejects.toThrow('without an access_token');
    await expect(ask({ authentication: { oauth2: { tokenUrl: 'https://a' } } })).rejects.toThrow(
      'clientId is required',
    );
  });
});

it.each([
  [{ address: 'prometheus' }, 'prometheus.address is not a URL'],
  [{ address: '' }, 'prometheus.address must not be empty'],
  [{ query: {} }, 'prometheus.query must be a string'],
  [{ headers: { a: 'b' } }, 'prometheus.headers must be a list'],
  [{ rangeQuery: {} }, 'prometheus.rangeQuery.step is required'],
  [{ rangeQuery: { step: 'often' } }, 'prometheus.rangeQuery.step is not a duration'],
  [{ tls: { ca: 'no' } }, 'tls.ca is not a PEM certificate'],
])('cannot ask %j', async (more, message) => {
  await expect(ask(more)).rejects.toThrow(message);
});
