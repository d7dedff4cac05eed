import { CANARY, type Dialect, unauthorized } from '../dialect.js';

export const http: Dialect = {
  name: 'http',
  spec: address => ({ url: `${address}/healthz`, headers: [{ key: 'X-Token', value: CANARY }] }),
  answer: (request, data) => {
    if (request.headers['x-token'] !== CANARY || request.path !== '/healthz') return unauthorized;
    return { status: data === 'empty' ? 204 : 200, body: data === 'nan' ? 'NaN' : '' };
  },
  expected: {
    value: { value: { status: 200 } },
    empty: { value: { status: 204 } },
    nan: { value: { status: 200 } },
    failing: { value: { status: 503 } },
    malformed: { value: { status: 200 } },
    silent: { value: { status: 0 } },
    redirected: { value: { status: 302 } },
  },
};
