import { badRequest, CANARY, type Dialect, notFound, unauthorized } from '../dialect.js';

const table = (...values: string[]) =>
  [
    '#datatype,string,long,dateTime:RFC3339,double,string',
    '#group,false,false,false,false,true',
    '#default,_result,,,,',
    ',result,table,_time,_value,host',
    ...values.map(value => `,,0,2026-01-31T12:00:00Z,${value},"a, ""b"""`),
    '',
    '',
  ].join('\r\n');

export const influxdb: Dialect = {
  name: 'influxdb',
  spec: () => ({ profile: 'influx', query: 'from(bucket: "app") |> range(start: -5m)' }),
  secrets: address => ({ address, authToken: CANARY, org: 'my-org' }),
  answer: (request, data) => {
    if (request.method !== 'POST' || request.path !== '/api/v2/query') return notFound;
    if (request.headers.authorization !== `Token ${CANARY}`) return unauthorized;
    const { query, type, dialect } = JSON.parse(request.body);
    if (request.query.get('org') !== 'my-org' || type !== 'flux' || !query.startsWith('from('))
      return badRequest('query');
    if (!dialect.annotations.includes('datatype') || request.headers.accept !== 'application/csv')
      return badRequest('dialect');
    const body = { value: table('0.5', '0.75') + table('2'), empty: '\r\n', nan: table('NaN') }[data];
    return { status: 200, body, headers: { 'content-type': 'text/csv; charset=utf-8' } };
  },
  expected: { value: { value: [0.5, 0.75, 2] }, empty: { error: /has no results/ }, nan: { value: [Number.NaN] } },
};
