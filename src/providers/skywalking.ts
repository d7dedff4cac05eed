/** Apache SkyWalking. */
import type { Json } from '../schema/json.js';
import { isList } from '../schema/json.js';
import { shape } from '../schema/schema.js';
import { addressField, addressOf } from './address.js';
import { at, jsonOf } from './answer.js';
import { type HttpResponse, value } from './exchange.js';
import { postJson } from './httpFields.js';
import { intervalField, intervalSeconds } from './interval.js';
import { defineProvider } from './provider.js';
import { QueryError } from './queryError.js';
import { queryField } from './queryField.js';

const schema = shape(
  { address: addressField, query: queryField('graphql'), interval: intervalField },
  { description: 'An Apache SkyWalking GraphQL query.' },
);

export const skywalking = defineProvider({
  name: 'skywalking',
  schema,
  yields: "the response's data; `$duration` in the query is the time window, in minutes",
  ask: ({ address, query, interval }, { now }) => {
    const start = minute(now - intervalSeconds(interval, 'skywalking.interval') * 1000);
    const variables = { duration: { start, end: minute(now), step: 'MINUTE' } };
    return {
      request: postJson(addressOf(address, 'skywalking.address', '/graphql'), { query, variables }),
      read: response => value(dataOf(response)),
    };
  },
});

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
