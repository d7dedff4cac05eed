import { badRequest, CANARY, type Dialect, json, notFound, unauthorized } from '../dialect.js';

export const wavefront: Dialect = {
  name: 'wavefront',
  spec: address => ({ address, query: 'ts(app.errors)' }),
  secrets: address => ({ [address]: CANARY, 'https://other.example': 'another' }),
  answer: (request, data) => {
    if (request.method !== 'GET' || request.path !== '/api/v2/chart/api') return notFound;
    if (request.headers.authorization !== `Bearer ${CANARY}`) return unauthorized;
    const { q, s, e, p, g, i } = Object.fromEntries(request.query);
    if (q !== 'ts(app.errors)' || s !== e || p !== '1' || g !== 's' || i !== 'true') return badRequest('query');
    if (data === 'empty') return json({ query: q });
    const now = Number(s) / 1000;
    const points = {
      value: [
        [now - 60, 7],
        [now - 1, 0.4],
      ],
      nan: [[now, 'NaN']],
    }[data];
    return json({ query: q, timeseries: [{ label: 'app.errors', data: points }] });
  },
  expected: { value: { value: 0.4 }, empty: { error: /no time series/ }, nan: { value: Number.NaN } },
};
