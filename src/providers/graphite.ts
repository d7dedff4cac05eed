import { at, jsonOf, listAt, numberOf } from './answer.js';
import { type HttpResponse, type Provider, value } from './provider.js';
import { QueryError } from './queryError.js';

/**
 * `{address, query}` where the query is that of the render API (`target=…&from=-5min`). Yields the values of the
 * first series, points without a value left out. No series or no points at all is an error, as in Argo Rollouts.
 */
export const graphite: Provider = {
  name: 'graphite',
  ask: spec => {
    const url = new URL(spec.url('address', '/render'));
    // Written over several lines for reading; Graphite takes no white space.
    for (const [key, text] of new URLSearchParams(spec.text('query').replace(/\s+/g, '')))
      url.searchParams.append(key, text);
    url.searchParams.set('format', 'json');
    return {
      request: { method: 'GET', url: url.href, headers: { accept: 'application/json' } },
      read: response => value(pointsOf(response)),
    };
  },
  timeoutSeconds: () => 10,
};

function pointsOf(response: HttpResponse): readonly number[] {
  const [series] = listAt(jsonOf(response));
  const points = series === undefined ? [] : listAt(series, 'datapoints');
  if (points.length === 0) throw new QueryError('answer', 'no values found');
  return points
    .map(point => at(point, 0))
    .filter(number => number !== null && number !== undefined)
    .map(numberOf);
}
