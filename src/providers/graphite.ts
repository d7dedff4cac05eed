/** Graphite's render API. */
import { shape } from '../schema/schema.js';
import { addressField, addressOf } from './address.js';
import { at, jsonOf, listAt, numberOf } from './answer.js';
import { type HttpResponse, value } from './exchange.js';
import { defineProvider } from './provider.js';
import { QueryError } from './queryError.js';
import { queryField } from './queryField.js';

const schema = shape({ address: addressField, query: queryField('graphite') }, { description: 'A Graphite query.' });

export const graphite = defineProvider({
  name: 'graphite',
  schema,
  yields: 'the values of the first series, without empty points; no series or no points at all is an error',
  timeoutSeconds: () => 10,
  ask: ({ address, query }) => {
    const url = new URL(addressOf(address, 'graphite.address', '/render'));
    // Written over several lines for reading; Graphite takes no white space.
    for (const [key, text] of new URLSearchParams(query.replace(/\s+/g, ''))) url.searchParams.append(key, text);
    url.searchParams.set('format', 'json');
    return {
      request: { method: 'GET', url: url.href, headers: { accept: 'application/json' } },
      read: response => value(pointsOf(response)),
    };
  },
});

function pointsOf(response: HttpResponse): readonly number[] {
  const [series] = listAt(jsonOf(response));
  const points = series === undefined ? [] : listAt(series, 'datapoints');
  if (points.length === 0) throw new QueryError('answer', 'no values found');
  return points
    .map(point => at(point, 0))
    .filter(number => number !== null && number !== undefined)
    .map(numberOf);
}
