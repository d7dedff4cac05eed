import { badRequest, CANARY, type Dialect, json, notFound } from '../dialect.js';

export const webhook: Dialect = {
  name: 'webhook',
  spec: address => ({
    url: `${address}/gate/check`,
    name: 'shop',
    namespace: 'prod',
    phase: 'Progressing',
    metadata: { token: CANARY, type: 'smoke' },
  }),
  answer: (request, data) => {
    if (request.method !== 'POST' || request.path !== '/gate/check') return notFound;
    const expected = {
      name: 'shop',
      namespace: 'prod',
      phase: 'Progressing',
      metadata: { token: CANARY, type: 'smoke' },
    };
    if (request.body !== JSON.stringify(expected)) return badRequest('not a gate request');
    return data === 'empty' ? { status: 202, body: '' } : json({ ok: data === 'nan' ? 'NaN' : true });
  },
  expected: {
    value: { value: { status: 200 } },
    empty: { value: { status: 202 } },
    nan: { value: { status: 200 } },
    failing: { value: { status: 503 } },
    malformed: { value: { status: 200 } },
  },
};
