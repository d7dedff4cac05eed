/** Dynatrace's metrics API v2. */
import { type Static, Type } from 'typebox';
import type { Json } from '../schema/json.js';
import { inLanguage } from '../schema/language.js';
import { nameText, shape } from '../schema/schema.js';
import { addressField, addressOf } from './address.js';
import { at, jsonOf, listAt, numberOf } from './answer.js';
import { type HttpResponse, value } from './exchange.js';
import { intervalField, intervalSeconds } from './interval.js';
import { defineProvider, type QueryContext } from './provider.js';
import { queryField } from './queryField.js';
import { SECRET_REF_NAME, secretOf, secretRefField } from './secretRef.js';

const schema = shape(
  {
    address: Type.Optional(addressField),
    query: queryField('dynatrace'),
    interval: intervalField,
    resolution: Type.Optional(
      inLanguage('data', nameText({ description: 'Resolution step. Default Inf: a single data point.' })),
    ),
    secretRef: Type.Optional(secretRefField('Secret with the keys api-token and address. Default dynatrace.')),
  },
  { description: 'A Dynatrace metric selector.' },
);

export const dynatrace = defineProvider({
  name: 'dynatrace',
  schema,
  yields:
    "the list of every series' last number, `[]` if nothing matches; with the default resolution one number per series over the whole window",
  secret: {
    field: SECRET_REF_NAME,
    default: 'dynatrace',
    keys: '`api-token` with the scope metrics.read, optionally `address`',
  },
  ask: (spec, context) => ({
    request: {
      method: 'GET',
      url: endpoint(spec, context),
      headers: { accept: 'application/json', authorization: `Api-Token ${secretOf(context.secrets, 'api-token')}` },
    },
    read: response => value(lastNumbers(response)),
  }),
});

function endpoint(
  { address, query, interval, resolution = 'Inf' }: Static<typeof schema>,
  { now, secrets }: QueryContext,
): string {
  const parameters = {
    metricSelector: query,
    from: String(now - Math.round(intervalSeconds(interval, 'dynatrace.interval')) * 1000),
    to: String(now),
    resolution,
  };
  return addressOf(address ?? secretOf(secrets, 'address'), 'dynatrace.address', '/api/v2/metrics/query', parameters);
}

function lastNumbers(response: HttpResponse): readonly number[] {
  const series = listAt(jsonOf(response), 'result').flatMap(metric => listAt(metric, 'data'));
  return series.flatMap(one => {
    const numbers = listAt(one, 'values').filter((number: Json) => number !== null);
    const last = at(numbers, numbers.length - 1);
    return last === undefined ? [] : [numberOf(last)];
  });
}
