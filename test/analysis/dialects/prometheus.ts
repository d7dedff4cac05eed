import type { Json } from '../../../src/schema/json.js';
import { badRequest, CANARY, type Dialect, json, notFound, unauthorized } from '../dialect.js';

const vector = (...values: string[]): Json => ({
  status: 'success',
  data: {
    resultType: 'vector',
    result: values.map(value => ({ metric: { pod: 'a' }, value: [1_700_000_000.1, value] })),
  },
});

export const prometheus: Dialect = {
  name: 'prometheus',
  spec: address => ({
    address,
    query: 'sum(rate(errors[1m]))',
    headers: [{ key: 'X-Scope-OrgID', value: 'team-a' }],
    authentication: { basicAuth: { username: 'reader', password: CANARY } },
  }),
  answer: (request, data) => {
    if (request.path !== '/api/v1/query') return notFound;
    if (request.headers.authorization !== `Basic ${btoa(`reader:${CANARY}`)}`) return unauthorized;
    if (request.headers['x-scope-orgid'] !== 'team-a') return badRequest('no org id');
    const form = request.method === 'POST' ? new URLSearchParams(request.body) : request.query;
    if (form.get('query') !== 'sum(rate(errors[1m]))') return badRequest('no query');
    if (data === 'empty') return json(vector());
    return json(data === 'nan' ? vector('NaN', '+Inf') : vector('0.25', '3'));
  },
  expected: {
    value: { value: [0.25, 3] },
    empty: { value: [] },
    nan: { value: [Number.NaN, Number.POSITIVE_INFINITY] },
  },
};
