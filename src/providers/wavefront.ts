import type { Json } from '../schema/json.js';
import { isList } from '../schema/json.js';
import { at, jsonOf, listAt, malformed, numberOf } from './answer.js';
import { addressOf, type Fields } from './fields.js';
import { type HttpResponse, type Provider, type QueryContext, value } from './provider.js';
import { QueryError } from './queryError.js';

/**
 * `{address, query, secretRef}`: the chart API of Wavefront, now VMware Aria Operations for Applications. The Secret
 * has the API token under the address as it is written in the metric, or under `token`. Yields the value nearest to
 * now, and for several series the list of theirs.
 */
export const wavefront: Provider = {
  name: 'wavefront',
  ask: (spec, context) => {
    const time = String(Math.floor(context.now / 1000) * 1000);
    // One point at one instant; `i` lets it lie before that instant, as samples do.
    const parameters = { q: spec.text('query'), s: time, e: time, p: '1', g: 's', i: 'true' };
    return {
      request: {
        method: 'GET',
        url: addressOf(withScheme(spec.text('address')), 'wavefront.address', '/api/v2/chart/api', parameters),
        headers: { accept: 'application/json', authorization: `Bearer ${tokenOf(spec, context)}` },
      },
      read: response => value(resultOf(response, context.now / 1000)),
    };
  },
  secretName: spec => spec.optionalObject('secretRef')?.optionalText('name') ?? 'wavefront-api-tokens',
};

/** Argo Rollouts writes the host alone. */
function withScheme(address: string): string {
  return address.includes('://') ? address : `https://${address}`;
}

function tokenOf(spec: Fields, { secrets }: QueryContext): string {
  const address = spec.text('address');
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
