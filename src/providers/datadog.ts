/** Datadog's query API, v1 and v2. */
import { type Static, Type } from 'typebox';
import type { Json } from '../schema/json.js';
import { isList } from '../schema/json.js';
import { inLanguage } from '../schema/language.js';
import { choice, intOrString, shape, text, textMap } from '../schema/schema.js';
import { addressOf } from './address.js';
import { at, jsonOf, listAt, malformed, numberOf } from './answer.js';
import { type Exchange, type HttpResponse, value } from './exchange.js';
import { postJson } from './httpFields.js';
import { intervalField, intervalSeconds, secondsIn } from './interval.js';
import { defineProvider, type QueryContext } from './provider.js';
import { QueryError } from './queryError.js';
import { SECRET_REF_NAME, secretOf, secretRefField } from './secretRef.js';

const schema = shape(
  {
    apiVersion: Type.Optional(choice(['v1', 'v2'], { description: "Version of Datadog's API. Default v1." })),
    interval: intervalField,
    query: Type.Optional(
      inLanguage(
        'datadog',
        text({ maxLength: 16_384, description: 'A single query, instead of queries and formula.' }),
      ),
    ),
    queries: Type.Optional(inLanguage('datadog', textMap({ description: 'Queries by name (v2).' }))),
    formula: Type.Optional(inLanguage('datadog', text({ description: 'Formula over the names in queries (v2).' }))),
    aggregator: Type.Optional(
      choice(['avg', 'min', 'max', 'sum', 'last', 'percentile', 'mean', 'l2norm', 'area'], {
        description: 'How data points are aggregated to one number (v2).',
      }),
    ),
    secretRef: Type.Optional(secretRefField('Secret with the keys address, api-key and app-key. Default datadog.')),
    requestTimeout: Type.Optional(
      inLanguage('scalar', intOrString({ description: 'Time limit of a request. Default 10s.' })),
    ),
  },
  { description: 'A Datadog query.' },
);

type Spec = Static<typeof schema>;

export const datadog = defineProvider({
  name: 'datadog',
  schema,
  yields: "a number; null without data; for a v2 query grouped by a tag, the list of the groups' numbers",
  secret: { field: SECRET_REF_NAME, default: 'datadog', keys: '`api-key`, `app-key`, optionally `address`' },
  timeoutSeconds: ({ requestTimeout }) => secondsIn(requestTimeout, 'datadog.requestTimeout') ?? 10,
  ask: (spec, context) => {
    checkQueries(spec);
    return spec.apiVersion === 'v2' ? askV2(spec, context) : askV1(spec, spec.query ?? '', context);
  },
});

function checkQueries({ apiVersion = 'v1', query, queries = {}, formula, aggregator }: Spec): void {
  const several = Object.keys(queries).length;
  const refuse = (what: string) => {
    throw new QueryError('spec', `datadog: ${what}`);
  };
  if ((query !== undefined) === several > 0) refuse('exactly one of query and queries is required');
  if (apiVersion === 'v1' && query === undefined) refuse('apiVersion v1 takes query only');
  if (apiVersion === 'v1' && aggregator !== undefined) refuse('aggregator needs apiVersion v2');
  if (formula !== undefined && several === 0) refuse('formula needs queries');
  if (several > 1 && formula === undefined) refuse('several queries need a formula');
}

function askV1(spec: Spec, query: string, context: QueryContext): Exchange {
  const { from, to } = windowOf(spec, context);
  const parameters = { query, from: String(from), to: String(to) };
  return {
    request: { method: 'GET', url: endpoint(context, '/api/v1/query', parameters), headers: keys(context) },
    read: response => value(lastPoint(response)),
  };
}

function askV2(spec: Spec, context: QueryContext): Exchange {
  const { query, queries = {}, formula, aggregator = 'last' } = spec;
  const { from, to } = windowOf(spec, context);
  const named = query === undefined ? Object.entries(queries) : [['query', query] as const];
  const attributes = {
    from: from * 1000,
    to: to * 1000,
    queries: named.map(([name, query]) => ({ aggregator, data_source: 'metrics', name, query })),
    formulas: formula === undefined ? [] : [{ formula }],
  };
  const body = { data: { type: 'scalar_request', attributes } };
  return {
    request: postJson(endpoint(context, '/api/v2/query/scalar'), body, keys(context)),
    read: response => value(scalar(response)),
  };
}

/** Epoch seconds. */
function windowOf({ interval }: Spec, { now }: QueryContext): { readonly from: number; readonly to: number } {
  const to = Math.floor(now / 1000);
  return { from: to - Math.round(intervalSeconds(interval, 'datadog.interval')), to };
}

function endpoint({ secrets }: QueryContext, path: string, query?: Readonly<Record<string, string>>): string {
  return addressOf(secrets['address'] || 'https://api.datadoghq.com', "the Secret's address", path, query);
}

function keys({ secrets }: QueryContext): Readonly<Record<string, string>> {
  return {
    accept: 'application/json',
    'dd-api-key': secretOf(secrets, 'api-key'),
    'dd-application-key': secretOf(secrets, 'app-key'),
  };
}

function lastPoint(response: HttpResponse): Json {
  const answer = jsonOf(response);
  const series = listAt(answer, 'series')[0];
  if (series === undefined) return null;
  const point = listAt(series, 'pointlist').at(-1);
  if (point === undefined) return null;
  if (!isList(point) || point.length !== 2) throw malformed('a point does not have two values');
  return numberOrNull(point[1]);
}

function scalar(response: HttpResponse): Json {
  const answer = jsonOf(response);
  if (at(answer, 'data', 'errors')) throw new QueryError('answer', 'Datadog found errors in the query');
  const columns = listAt(answer, 'data', 'attributes', 'columns');
  const numbers = columns.find(column => (at(column, 'type') ?? 'number') === 'number');
  if (numbers === undefined) return null;
  const values = listAt(numbers, 'values')
    .map(numberOrNull)
    .filter(number => number !== null);
  if (values.length === 0) return null;
  const grouped = columns.some(column => at(column, 'type') === 'group');
  return grouped ? values : (values[0] ?? null);
}

/** null is Datadog's "no data". */
function numberOrNull(json: Json | undefined): number | null {
  return json === null || json === undefined ? null : numberOf(json);
}
