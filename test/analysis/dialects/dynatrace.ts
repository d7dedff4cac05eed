import { badRequest, CANARY, type Dialect, json, notFound, unauthorized } from '../dialect.js';

export const dynatrace: Dialect = {
  name: 'dynatrace',
  spec: () => ({ query: 'builtin:service.errors.total.rate:avg', interval: '2m' }),
  secrets: address => ({ address: `${address}/e/env-1`, 'api-token': CANARY }),
  answer: (request, data) => {
    if (request.method !== 'GET' || request.path !== '/e/env-1/api/v2/metrics/query') return notFound;
    if (request.headers.authorization !== `Api-Token ${CANARY}`) return unauthorized;
    const { metricSelector, from, to, resolution } = Object.fromEntries(request.query);
    if (metricSelector !== 'builtin:service.errors.total.rate:avg' || resolution !== 'Inf') return badRequest('query');
    if (Number(to) - Number(from) !== 120_000) return badRequest('window');
    const series = {
      value: [{ values: [0.5, 1.5, null] }, { values: [2] }],
      empty: [{ values: [null] }],
      nan: [{ values: ['NaN'] }],
    };
    return json({ totalCount: 1, result: [{ metricId: metricSelector, data: series[data] }] });
  },
  expected: { value: { value: [1.5, 2] }, empty: { value: [] }, nan: { value: [Number.NaN] } },
};
