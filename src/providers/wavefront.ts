/** Wavefront, now VMware Aria Operations for Applications. */
import { type Static, Type } from 'typebox';
import type { Json } from '../schema/json.js';
import { isList } from '../schema/json.js';
import { inLanguage } from '../schema/language.js';
import { shape, text } from '../schema/schema.js';
import { addressOf } from './address.js';
import { at, jsonOf, listAt, malformed, numberOf } from './answer.js';
import { type HttpResponse, value } from './exchange.js';
import { defineProvider, type QueryContext } from './provider.js';
import { QueryError } from './queryError.js';
import { queryField } from './queryField.js';
import { SECRET_REF_NAME, secretRefField } from './secretRef.js';

const schema = shape(
  {
    address: inLanguage('url', text({ minLength: 1, maxLength: 2048, description: 'Host or base URL of the server.' })),
    query: queryField('wavefront'),
    secretRef: Type.Optional(secretRefField('Secret with an API token per address. Default wavefront-api-tokens.')),
  },
  { description: 'A Wavefront query.' },
);

type Spec = Static<typeof schema>;

export const wavefront = defineProvider({
  name: 'wavefront',
  schema,
  yields: "the value nearest to now, or the list of several series' values",
  acceptsHost: true,
  secret: {
    field: SECRET_REF_NAME,
    default: 'wavefront-api-tokens',
    keys: "the API token under the metric's address or under `token`",
  },
  ask: (spec, context) => {
    const time = String(Math.floor(context.now / 1000) * 1000);
    // One point at one instant; `i` lets it lie before that instant, as samples do.
    const parameters = { q: spec.query, s: time, e: time, p: '1', g: 's', i: 'true' };
    return {
      request: {
        method: 'GET',
        url: addressOf(withScheme(spec.address), 'wavefront.address', '/api/v2/chart/api', parameters),
        headers: { accept: 'application/json', authorization: `Bearer ${tokenOf(spec, context)}` },
      },
      read: response => value(resultOf(response, context.now / 1000)),
    };
  },
});

/** Argo Rollouts writes the host alone. */
function withScheme(address: string): string {
  return address.includes('://') ? address : `https://${address}`;
}

function tokenOf({ address }: Spec, { secrets }: QueryContext): string {
  const token = secrets[address] ?? secrets[address.replace(/^https?:\/\//, '')] ?? secrets['token'];
  if (!token) throw new QueryError('spec', 'the Secret has no token for wavefront.address');
  return token;
}

function resultOf(response: HttpResponse, nowSeconds: number): Json {
  const answer = jsonOf(response);
  const series = at(answer, 'timeseries') === undefined ? [] : listAt(answer, 'timeseries');
  if (series.length === 0) throw new QueryError('answer', 'the query has no time series');
  const values = series.map(one => nearest(listAt(one, 'data'), nowSeconds));
  return values.length === 1 ? (values[0] ?? null) : values;
}

function nearest(points: readonly Json[], nowSeconds: number): number {
  const distance = (point: Json) => Math.abs(numberOf(at(point, 0)) - nowSeconds);
  const [first, ...rest] = points;
  if (first === undefined || !isList(first)) throw malformed('a time series has no points');
  return numberOf(
    at(
      rest.reduce((best, point) => (distance(point) < distance(best) ? point : best), first),
      1,
    ),
  );
}
