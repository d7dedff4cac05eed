import type { Json } from '../schema/json.js';
import { at, jsonOf, listAt, numberOf } from './answer.js';
import { addressOf, type Fields } from './fields.js';
import { secretOf } from './httpFields.js';
import { type HttpResponse, type Provider, type QueryContext, value } from './provider.js';

/**
 * `{query, interval, resolution, address, secretRef}`: the query is a metric selector of the metrics API v2. The Secret
 * has `api-token` (scope metrics.read) and optionally `address`. Yields the last number of every series in a list, []
 * when nothing matches; with the default resolution, Inf, that is one number over the whole interval (5 minutes).
 */
export const dynatrace: Provider = {
  name: 'dynatrace',
  ask: (spec, context) => ({
    request: {
      method: 'GET',
      url: endpoint(spec, context),
      headers: { accept: 'application/json', authorization: `Api-Token ${secretOf(context.secrets, 'api-token')}` },
    },
    read: response => value(lastNumbers(response)),
  }),
  secretName: spec => spec.optionalObject('secretRef')?.optionalText('name') ?? 'dynatrace',
};

function endpoint(spec: Fields, { now, secrets }: QueryContext): string {
  const parameters = {
    metricSelector: spec.text('query'),
    from: String(now - Math.round(spec.optionalSeconds('interval') ?? 300) * 1000),
    to: String(now),
    resolution: spec.optionalText('resolution') ?? 'Inf',
  };
  const address = spec.optionalText('address') ?? secretOf(secrets, 'address');
  return addressOf(address, 'dynatrace.address', '/api/v2/metrics/query', parameters);
}

function lastNumbers(response: HttpResponse): readonly number[] {
  const series = listAt(jsonOf(response), 'result').flatMap(metric => listAt(metric, 'data'));
  return series.flatMap(one => {
    const numbers = listAt(one, 'values').filter((number: Json) => number !== null);
    const last = at(numbers, numbers.length - 1);
    return last === undefined ? [] : [numberOf(last)];
  });
}
