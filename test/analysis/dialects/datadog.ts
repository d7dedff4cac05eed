import { badRequest, CANARY, type Dialect, json, notFound, type Received, unauthorized } from '../dialect.js';

const known = ({ headers }: Received) =>
  headers['dd-api-key'] === `${CANARY}-api` && headers['dd-application-key'] === `${CANARY}-app`;

const secrets = (address: string) => ({ address, 'api-key': `${CANARY}-api`, 'app-key': `${CANARY}-app` });

export const datadogV1: Dialect = {
  name: 'datadog',
  spec: () => ({ query: 'avg:errors{service:shop}', interval: '10m', secretRef: { name: 'dd' } }),
  secrets,
  answer: (request, data) => {
    if (request.method !== 'GET' || request.path !== '/api/v1/query') return notFound;
    if (!known(request)) return unauthorized;
    const seconds = Number(request.query.get('to')) - Number(request.query.get('from'));
    if (seconds !== 600 || request.query.get('query') !== 'avg:errors{service:shop}') return badRequest('query');
    if (data === 'empty') return json({ status: 'ok', series: [] });
    const last = data === 'nan' ? 'NaN' : 0.02;
    return json({
      status: 'ok',
      series: [
        {
          pointlist: [
            [1_700_000_000_000, 0.5],
            [1_700_000_060_000, last],
          ],
        },
      ],
    });
  },
  expected: { value: { value: 0.02 }, empty: { value: null }, nan: { value: Number.NaN } },
};

export const datadogV2: Dialect = {
  name: 'datadog',
  spec: () => ({
    apiVersion: 'v2',
    queries: { a: 'sum:bad{*}', b: 'sum:all{*}' },
    formula: 'a / b',
    aggregator: 'sum',
  }),
  secrets,
  answer: (request, data) => {
    if (request.method !== 'POST' || request.path !== '/api/v2/query/scalar') return notFound;
    if (!known(request)) return unauthorized;
    const { data: asked } = JSON.parse(request.body);
    const { from, to, queries, formulas } = asked.attributes;
    if (asked.type !== 'scalar_request' || to - from !== 300_000) return badRequest('window');
    if (queries.length !== 2 || queries[0].data_source !== 'metrics' || queries[0].aggregator !== 'sum')
      return badRequest('queries');
    if (formulas[0].formula !== 'a / b') return badRequest('formula');
    const values = { value: [0.1], empty: [null], nan: ['NaN'] }[data];
    return json({
      data: { type: 'scalar_response', attributes: { columns: [{ name: 'a / b', type: 'number', values }] } },
    });
  },
  expected: { value: { value: 0.1 }, empty: { value: null }, nan: { value: Number.NaN } },
};
