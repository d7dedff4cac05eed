import { describe, expect, it } from 'vitest';
import { converse, first } from '../../test/analysis/converse.js';
import type { JsonObject } from '../schema/json.js';
import { cloudWatch } from './cloudWatch.js';
import { dynatrace } from './dynatrace.js';
import { influxdb } from './influxdb.js';
import { newRelic } from './newRelic.js';
import { secretNameOf } from './providers.js';
import { wavefront } from './wavefront.js';

describe('the Secret that a provider needs', () => {
  it.each<[JsonObject, string | undefined]>([
    [{ datadog: { secretRef: { name: 'dd' } } }, 'dd'],
    [{ datadog: {} }, 'datadog'],
    [{ newRelic: { profile: 'nr' } }, 'nr'],
    [{ newRelic: {} }, 'newrelic'],
    [{ influxdb: {} }, 'influxdb'],
    [{ wavefront: {} }, 'wavefront-api-tokens'],
    [{ cloudWatch: { secretRef: { name: 'aws' } } }, 'aws'],
    [{ cloudWatch: {} }, 'cloudwatch'],
    [{ dynatrace: {} }, 'dynatrace'],
    [{ prometheus: {} }, undefined],
    [{ prometheus: { authentication: { sigv4: { region: 'x', secretRef: { name: 'aws' } } } } }, 'aws'],
    [{ web: {} }, undefined],
  ])('%j: %s', (provider, expected) => {
    expect(secretNameOf(provider)).toBe(expected);
  });
});

describe('cloudWatch', () => {
  const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  const metricDataQueries = [{ id: 'a', expression: 'SUM(METRICS())' }];

  it.each([
    ['eu-central-1', 'https://monitoring.eu-central-1.amazonaws.com/'],
    ['cn-north-1', 'https://monitoring.cn-north-1.amazonaws.com.cn/'],
  ])('asks in its region: %s', async (region, url) => {
    const { request } = await first(cloudWatch, { region, metricDataQueries }, keys);
    expect(request.url).toBe(url);
    expect(request.headers).not.toHaveProperty('x-amz-security-token');
  });

  it('sends the token of temporary credentials', async () => {
    const { request } = await first(
      cloudWatch,
      { region: 'eu-west-1', metricDataQueries },
      { ...keys, AWS_SESSION_TOKEN: 'token' },
    );
    expect(request.headers?.['x-amz-security-token']).toBe('token');
  });

  it('needs a region', async () => {
    await expect(first(cloudWatch, { metricDataQueries }, keys)).rejects.toThrow('cloudWatch.region is required');
    await expect(first(cloudWatch, { region: 'evil.example/', metricDataQueries }, keys)).rejects.toThrow(
      'not an AWS region',
    );
  });
});

describe('newRelic', () => {
  const secrets = { 'personal-api-key': 'a', 'account-id': '1' };
  const results = (...list: JsonObject[]) => ({ data: { actor: { account: { nrql: { results: list } } } } });

  it('asks in its region', async () => {
    expect((await first(newRelic, { query: 'x' }, secrets)).request.url).toBe('https://api.newrelic.com/graphql');
    const eu = await first(newRelic, { query: 'x' }, { ...secrets, region: 'EU' });
    expect(eu.request.url).toBe('https://api.eu.newrelic.com/graphql');
    await expect(async () => first(newRelic, { query: 'x' }, { ...secrets, region: 'mars' })).rejects.toThrow('region');
  });

  it('yields several results as a list', async () => {
    const start = await first(newRelic, { query: 'x' }, secrets);
    expect((await converse(start, [results({ a: 1 }, { a: 2 })])).value).toEqual([{ a: 1 }, { a: 2 }]);
    await expect(converse(start, [results({})])).rejects.toThrow('the query has no results');
    await expect(converse(start, [{ errors: [{ message: 'secret' }] }])).rejects.toThrow(
      /^New Relic found errors in the query$/,
    );
  });
});

describe('wavefront', () => {
  it('takes an address without a scheme, and a token that is not told by address', async () => {
    const { request } = await first(wavefront, { address: 'corp.wavefront.com', query: 'x' }, { token: 't' });
    expect(request.url).toMatch(/^https:\/\/corp\.wavefront\.com\/api\/v2\/chart\/api\?q=x&s=/);
    expect(request.headers?.['authorization']).toBe('Bearer t');
    await expect(async () => first(wavefront, { address: 'a.example', query: 'x' })).rejects.toThrow('no token');
  });

  it('yields a number for each of several series', async () => {
    const start = await first(wavefront, { address: 'a.example', query: 'x' }, { token: 't' });
    const timeseries = [{ data: [[1, 2]] }, { data: [[1, 3]] }];
    expect((await converse(start, [{ timeseries }])).value).toEqual([2, 3]);
    await expect(converse(start, [{ timeseries: [{ data: [] }] }])).rejects.toThrow('has no points');
  });
});

describe('influxdb', () => {
  const secrets = { address: 'http://influx:8086', authToken: 't', org: 'o' };
  const read = async (body: string) =>
    (await converse(await first(influxdb, { query: 'x' }, secrets), [{ status: 200, body }])).value;

  it('reads values by the type of their column', async () => {
    const table = (type: string, ...values: string[]) =>
      `#datatype,string,long,${type}\r\n#group,false,false,false\r\n#default,_result,,\r\n,result,table,_value\r\n${values.map(value => `,,0,${value}\r\n`).join('')}\r\n`;
    expect(
      await read(table('double', '1.5', '', '+Inf') + table('boolean', 'true') + table('string', '"a,b"')),
    ).toEqual([1.5, null, Number.POSITIVE_INFINITY, true, 'a,b']);
  });

  it('says that a query failed half-way', async () => {
    await expect(read('#datatype,string,string\r\n,error,reference\r\n,secret,897\r\n')).rejects.toThrow(
      /^InfluxDB found an error in the query$/,
    );
    await expect(read(',result,table\r\n,,0\r\n')).rejects.toThrow('no column _value');
  });
});

it('dynatrace takes an address from the metric before that of the Secret', async () => {
  const { request } = await first(
    dynatrace,
    { address: 'https://a.example', query: 'x', resolution: '1m' },
    { 'api-token': 't', address: 'https://b' },
  );
  expect(request.url).toMatch(/^https:\/\/a\.example\/api\/v2\/metrics\/query\?metricSelector=x&.*&resolution=1m$/);
});
