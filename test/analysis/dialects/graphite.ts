import { badRequest, type Dialect, json, notFound } from '../dialect.js';

export const graphite: Dialect = {
  name: 'graphite',
  spec: address => ({ address, query: "target=summarize(\n  app.errors,\n  '5min'\n)&from=-10min" }),
  answer: (request, data) => {
    if (request.method !== 'GET' || request.path !== '/render') return notFound;
    const { target, from, format } = Object.fromEntries(request.query);
    if (target !== "summarize(app.errors,'5min')" || from !== '-10min' || format !== 'json') return badRequest('query');
    if (data === 'empty') return json([]);
    const points = {
      value: [
        [90, 1],
        [null, 2],
        [95.5, 3],
      ],
      nan: [
        [null, 1],
        ['NaN', 2],
      ],
    }[data];
    return json([{ target, datapoints: points }]);
  },
  expected: { value: { value: [90, 95.5] }, empty: { error: /no values found/ }, nan: { value: [Number.NaN] } },
};
