/** Prometheus and what speaks its HTTP API: Thanos, Mimir, VictoriaMetrics, Amazon Managed Prometheus. */
import type { Json } from '../schema/json.js';
import { at, jsonOf, listAt, malformed, numberOf } from './answer.js';
import { authenticated } from './authentication.js';
import type { Fields } from './fields.js';
import { headersOf, tlsOf } from './httpFields.js';
import { type Exchange, further, type HttpResponse, type Provider, type QueryContext, value } from './provider.js';
import { QueryError } from './queryError.js';
import { instantOf } from './timeExpression.js';

/**
 * `{address, query, rangeQuery, headers, authentication, insecure, tls, timeout}`. Yields a number for a scalar, the
 * list of the samples' values for a vector ([] when nothing matches), and all values of all series for a range.
 */
export const prometheus: Provider = {
  name: 'prometheus',
  ask: (spec, context) => authenticated(spec, exchange(spec, context), context),
  timeoutSeconds: spec => spec.optionalNumber('timeout'),
  secretName: spec =>
    spec.optionalObject('authentication')?.optionalObject('sigv4')?.optionalObject('secretRef')?.text('name'),
};

/** POST, so that no proxy cuts a long query; GET where only that is allowed. */
function exchange(spec: Fields, context: QueryContext): Exchange {
  const { path, parameters } = question(spec, context);
  const url = spec.url('address', path);
  const shared = { headers: { accept: 'application/json', ...headersOf(spec) }, ...tlsOf(spec) };
  const asGet: Exchange = {
    request: { method: 'GET', url: spec.url('address', path, parameters), ...shared },
    accepts: () => true,
    read: response => value(resultOf(response)),
  };
  return {
    request: {
      method: 'POST',
      url,
      ...shared,
      headers: { ...shared.headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(parameters).toString(),
    },
    accepts: () => true,
    read: response => (response.status === 405 || response.status === 501 ? further(asGet) : asGet.read(response)),
  };
}

/** No `time` for an instant query: the server's own clock knows which samples are there. */
function question(spec: Fields, { now }: QueryContext) {
  const query = spec.text('query');
  const range = spec.optionalObject('rangeQuery');
  if (range === undefined) return { path: '/api/v1/query', parameters: { query } };
  const step = range.optionalSeconds('step');
  if (step === undefined) throw new QueryError('spec', 'prometheus.rangeQuery.step is missing');
  const parameters = {
    query,
    start: seconds(instantOf(range, 'start', now)),
    end: seconds(instantOf(range, 'end', now)),
    step: String(step),
  };
  return { path: '/api/v1/query_range', parameters };
}

const seconds = (instant: number): string => String(instant / 1000);

const ERROR_TYPES = ['bad_data', 'execution', 'timeout', 'canceled', 'unavailable', 'not_found', 'too_many_requests'];

function resultOf(response: HttpResponse): Json {
  if (response.status < 200 || response.status > 299) throw failureOf(response);
  const answer = jsonOf(response);
  if (at(answer, 'status') !== 'success') throw malformed('its status is not success');
  const type = at(answer, 'data', 'resultType');
  switch (type) {
    case 'scalar':
      return numberOf(at(answer, 'data', 'result', 1));
    case 'vector':
      return listAt(answer, 'data', 'result').map(sample => numberOf(at(sample, 'value', 1)));
    case 'matrix':
      return listAt(answer, 'data', 'result').flatMap(series =>
        listAt(series, 'values').map(point => numberOf(at(point, 1))),
      );
    default:
      throw malformed('its resultType is not scalar, vector or matrix');
  }
}

/** Prometheus says which kind of error it is, in one of a few words; the rest of its message could quote the query. */
function failureOf({ status, body }: HttpResponse): QueryError {
  let type: Json | undefined;
  try {
    type = at(JSON.parse(body) as Json, 'errorType');
  } catch {
    type = undefined;
  }
  const known = ERROR_TYPES.find(name => name === type);
  return new QueryError('status', `Prometheus answered HTTP ${status}${known ? ` (${known})` : ''}`);
}
