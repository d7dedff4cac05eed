import { badRequest, CANARY, type Dialect, json, notFound, unauthorized } from '../dialect.js';

export const web: Dialect = {
  name: 'web',
  spec: address => ({
    url: `${address}/measure?window=5m`,
    method: 'POST',
    headers: [{ key: 'Authorization', value: `Bearer ${CANARY}` }],
    jsonBody: { service: 'shop' },
    jsonPath: '{$.data.rate}',
  }),
  secrets: () => ({ 'args.token': CANARY }),
  answer: (request, data) => {
    if (request.path !== '/measure' || request.method !== 'POST') return notFound;
    if (request.headers.authorization !== `Bearer ${CANARY}`) return unauthorized;
    if (request.headers['content-type'] !== 'application/json') return badRequest('not JSON');
    if (request.body !== '{"service":"shop"}') return badRequest('not that service');
    if (data === 'empty') return json({ data: {} });
    return json({ data: { rate: data === 'nan' ? 'NaN' : 0.99 } });
  },
  expected: { value: { value: 0.99 }, empty: { error: /jsonPath finds nothing/ }, nan: { value: 'NaN' } },
};
