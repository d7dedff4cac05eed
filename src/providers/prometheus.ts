/** Prometheus and what speaks its HTTP API: Thanos, Mimir, VictoriaMetrics, Amazon Managed Prometheus. */
import { type Static, Type } from 'typebox';
import type { Json } from '../schema/json.js';
import { inLanguage } from '../schema/language.js';
import { intOrString, shape, text } from '../schema/schema.js';
import { addressField, addressOf } from './address.js';
import { at, jsonOf, listAt, malformed, numberOf, parseJson } from './answer.js';
import { AUTHENTICATION_SECRET, authenticated, authenticationField } from './authentication.js';
import { type Exchange, further, type HttpResponse, value } from './exchange.js';
import { headersField, headersOf, insecureField, timeoutSecondsField, tlsField, tlsOf } from './httpFields.js';
import { secondsIn } from './interval.js';
import { defineProvider, type QueryContext } from './provider.js';
import { QueryError } from './queryError.js';
import { instantOf } from './timeExpression.js';

const schema = shape(
  {
    address: addressField,
    query: inLanguage('promql', text({ minLength: 1, maxLength: 16_384, description: 'PromQL.' })),
    timeout: Type.Optional(timeoutSecondsField),
    insecure: Type.Optional(insecureField),
    tls: Type.Optional(tlsField),
    headers: Type.Optional(headersField),
    authentication: Type.Optional(authenticationField),
    rangeQuery: Type.Optional(
      shape(
        {
          start: Type.Optional(
            inLanguage('scalar', text({ description: 'Start, for example now() - duration("5m").' })),
          ),
          end: Type.Optional(inLanguage('scalar', text({ description: 'End, for example now().' }))),
          step: Type.Optional(inLanguage('scalar', intOrString({ description: 'Resolution step ("30s").' }))),
        },
        { description: 'Runs a range query instead of an instant query.' },
      ),
    ),
  },
  { description: 'A PromQL query.' },
);

type Spec = Static<typeof schema>;

export const prometheus = defineProvider({
  name: 'prometheus',
  schema,
  yields:
    "a number for a scalar, the list of the samples' values for a vector (`[]` if nothing matches), all values of all series for a range",
  secret: AUTHENTICATION_SECRET,
  timeoutSeconds: ({ timeout }) => timeout,
  ask: (spec, context) =>
    authenticated(spec.authentication, 'prometheus.authentication', exchange(spec, context), context),
});

/** POST, so that no proxy cuts a long query; GET where only that is allowed. */
function exchange(spec: Spec, context: QueryContext): Exchange {
  const { path, parameters } = question(spec, context);
  const url = addressOf(spec.address, 'prometheus.address', path);
  const shared = { headers: { accept: 'application/json', ...headersOf(spec.headers) }, ...tlsOf(spec) };
  const asGet: Exchange = {
    request: { method: 'GET', url: addressOf(spec.address, 'prometheus.address', path, parameters), ...shared },
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
function question({ query, rangeQuery }: Spec, { now }: QueryContext) {
  if (rangeQuery === undefined) return { path: '/api/v1/query', parameters: { query } };
  const step = secondsIn(rangeQuery.step, 'prometheus.rangeQuery.step');
  if (step === undefined) throw new QueryError('spec', 'prometheus.rangeQuery.step is required');
  const parameters = {
    query,
    start: seconds(instantOf(rangeQuery.start, 'prometheus.rangeQuery.start', now)),
    end: seconds(instantOf(rangeQuery.end, 'prometheus.rangeQuery.end', now)),
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
    type = at(parseJson(body), 'errorType');
  } catch {
    type = undefined;
  }
  const known = ERROR_TYPES.find(name => name === type);
  return new QueryError('status', `Prometheus answered HTTP ${status}${known ? ` (${known})` : ''}`);
}
