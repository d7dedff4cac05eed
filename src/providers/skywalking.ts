import type { Json } from '../schema/json.js';
import { isList } from '../schema/json.js';
import { at, jsonOf } from './answer.js';
import { postJson } from './httpFields.js';
import { type HttpResponse, type Provider, value } from './provider.js';
import { QueryError } from './queryError.js';

/** `{address, query, interval}` (GraphQL); `$duration` is the last interval, by minutes. Yields the answer's data. */
export const skywalking: Provider = {
  name: 'skywalking',
  ask: (spec, { now }) => {
    const interval = spec.optionalSeconds('interval') ?? 300;
    const duration = { start: minute(now - interval * 1000), end: minute(now), step: 'MINUTE' };
    return {
      request: postJson(spec.url('address', '/graphql'), { query: spec.text('query'), variables: { duration } }),
      read: response => value(dataOf(response)),
    };
  },
};

/** `2026-01-31 1205`, UTC. */
function minute(instant: number): string {
  return new Date(instant).toISOString().slice(0, 16).replace('T', ' ').replace(':', '');
}

function dataOf(response: HttpResponse): Json {
  const answer = jsonOf(response);
  const errors = at(answer, 'errors');
  if (isList(errors) && errors.length > 0) throw new QueryError('answer', 'SkyWalking found errors in the query');
  const data = at(answer, 'data');
  if (data === undefined || data === null) throw new QueryError('answer', 'the query has no results');
  return data;
}
