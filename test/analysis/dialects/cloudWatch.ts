import { createHash, createHmac } from 'node:crypto';
import { badRequest, CANARY, type Dialect, json, notFound, type Received, unauthorized } from '../dialect.js';

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Verifies a signature as AWS documents it, step by step and without the library that made it. */
export function isSigned(
  request: Received,
  { secret, region, service }: Record<'secret' | 'region' | 'service', string>,
): boolean {
  const [, scope, names = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/(\S+), SignedHeaders=(\S+), Signature=(\S+)$/.exec(
      request.headers.authorization ?? '',
    ) ?? [];
  const time = String(request.headers['x-amz-date']);
  const day = time.slice(0, 8);
  if (scope !== `${day}/${region}/${service}/aws4_request`) return false;
  const signedHeaders = names.split(';').map(name => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = [request.method, request.path, '', signedHeaders.join(''), names, sha256(request.body)].join('\n');
  const key = [region, service, 'aws4_request'].reduce<Buffer>(hmac, hmac(`AWS4${secret}`, day));
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  return names.split(';').includes('host') && hmac(key, text).toString('hex') === signature;
}

export const cloudWatch: Dialect = {
  name: 'cloudWatch',
  spec: address => ({
    address,
    interval: '30m',
    metricDataQueries: [
      { id: 'rate', expression: 'errors / requests' },
      {
        id: 'errors',
        returnData: false,
        metricStat: {
          metric: { namespace: 'app', metricName: 'errors', dimensions: [{ name: 'svc', value: 'shop' }] },
          period: 300,
          stat: 'Sum',
        },
      },
    ],
  }),
  secrets: () => ({ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: CANARY, AWS_REGION: 'eu-central-1' }),
  answer: (request, data) => {
    if (request.method !== 'POST' || request.path !== '/') return notFound;
    if (request.headers['x-amz-target'] !== 'GraniteServiceVersion20100801.GetMetricData') return notFound;
    if (!isSigned(request, { secret: CANARY, region: 'eu-central-1', service: 'monitoring' })) return unauthorized;
    const { StartTime, EndTime, MetricDataQueries } = JSON.parse(request.body);
    if (EndTime - StartTime !== 1800) return badRequest('window');
    const stat = {
      Metric: { Namespace: 'app', MetricName: 'errors', Dimensions: [{ Name: 'svc', Value: 'shop' }] },
      Period: 300,
      Stat: 'Sum',
    };
    const wanted = [
      { Id: 'rate', Expression: 'errors / requests' },
      { Id: 'errors', ReturnData: false, MetricStat: stat },
    ];
    if (JSON.stringify(MetricDataQueries) !== JSON.stringify(wanted)) return badRequest('queries');
    const Values = { value: [0.01, 0.02], empty: [], nan: ['NaN'] }[data];
    return json({ MetricDataResults: [{ Id: 'rate', Label: 'rate', StatusCode: 'Complete', Values }] });
  },
  expected: {
    value: { value: [{ Id: 'rate', Label: 'rate', StatusCode: 'Complete', Values: [0.01, 0.02] }] },
    empty: { value: [{ Id: 'rate', Label: 'rate', StatusCode: 'Complete', Values: [] }] },
    nan: { value: [{ Id: 'rate', Label: 'rate', StatusCode: 'Complete', Values: [Number.NaN] }] },
  },
};
