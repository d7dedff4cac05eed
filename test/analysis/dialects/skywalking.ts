import { badRequest, type Dialect, json, notFound } from '../dialect.js';

export const skywalking: Dialect = {
  name: 'skywalking',
  spec: address => ({ address, interval: '3m', query: 'query queryData($duration: Duration!) { service_apdex }' }),
  answer: (request, data) => {
    if (request.method !== 'POST' || request.path !== '/graphql') return notFound;
    const { query, variables } = JSON.parse(request.body);
    const { start, end, step } = variables.duration;
    const form = /^\d{4}-\d{2}-\d{2} \d{4}$/;
    if (!query.includes('$duration') || step !== 'MINUTE' || !form.test(start) || !form.test(end))
      return badRequest('query');
    if (data === 'empty') return json({ data: null });
    const value = data === 'nan' ? null : 9900;
    return json({ data: { service_apdex: { values: { values: [{ value }] } } } });
  },
  expected: {
    value: { value: { service_apdex: { values: { values: [{ value: 9900 }] } } } },
    empty: { error: /has no results/ },
    nan: { value: { service_apdex: { values: { values: [{ value: null }] } } } },
  },
};
