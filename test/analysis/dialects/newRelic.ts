import { badRequest, CANARY, type Dialect, json, notFound, unauthorized } from '../dialect.js';

export const newRelic: Dialect = {
  name: 'newRelic',
  spec: () => ({ query: 'SELECT average(duration) FROM Transaction', profile: 'nr', timeout: 10 }),
  secrets: address => ({
    'personal-api-key': CANARY,
    'account-id': '1234567',
    'base-url-nerdgraph': `${address}/graphql`,
  }),
  answer: (request, data) => {
    if (request.method !== 'POST' || request.path !== '/graphql') return notFound;
    if (request.headers['api-key'] !== CANARY) return unauthorized;
    const { query, variables } = JSON.parse(request.body);
    if (!query.includes('nrql(query: $query, timeout: $timeout)') || variables.accountId !== 1_234_567)
      return badRequest('query');
    if (variables.timeout !== 10) return badRequest('timeout');
    const results = { value: [{ 'average.duration': 0.3 }], empty: [], nan: [{ 'average.duration': null }] }[data];
    return json({ data: { actor: { account: { nrql: { results } } } } });
  },
  expected: {
    value: { value: { 'average.duration': 0.3 } },
    empty: { error: /has no results/ },
    nan: { value: { 'average.duration': null } },
  },
};
