import type { Json } from '../schema/json.js';
import { isList } from '../schema/json.js';
import { at, jsonOf, listAt, malformed, numberOf } from './answer.js';
import { addressOf, type Fields } from './fields.js';
import { postJson, secretOf } from './httpFields.js';
import { type Exchange, type HttpResponse, type Provider, type QueryContext, value } from './provider.js';
import { QueryError } from './queryError.js';

/**
 * `{apiVersion: v1 | v2, interval, query | queries + formula, aggregator, requestTimeout, secretRef}`; the Secret has
 * `api-key`, `app-key` and optionally `address`. Yields a number, null when there is no data, and for a v2 query that
 * is grouped by a tag the list of all groups' numbers.
 */
export const datadog: Provider = {
  name: 'datadog',
  ask: (spec, context) => {
    checkQueries(spec);
    return versionOf(spec) === 'v1' ? askV1(spec, context) : askV2(spec, context);
  },
  timeoutSeconds: spec => spec.optionalSeconds('requestTimeout') ?? 10,
  secretName: spec => spec.optionalObject('secretRef')?.optionalText('name') ?? 'datadog',
};

function versionOf(spec: Fields): 'v1' | 'v2' {
  const version = spec.optionalText('apiVersion') ?? 'v1';
  if (version === 'v1' || version === 'v2') return version;
  throw new QueryError('spec', 'datadog.apiVersion is not v1 or v2');
}

function checkQueries(spec: Fields): void {
  const several = spec.entries('queries').length;
  const refuse = (what: string) => {
    throw new QueryError('spec', `datadog: ${what}`);
  };
  if (spec.has('query') === several > 0) refuse('write either query or queries');
  if (versionOf(spec) === 'v1' && !spec.has('query')) refuse('apiVersion v1 takes query only');
  if (versionOf(spec) === 'v1' && spec.has('aggregator')) refuse('aggregator needs apiVersion v2');
  if (spec.has('formula') && several === 0) refuse('formula needs queries');
  if (several > 1 && !spec.has('formula')) refuse('several queries need a formula');
}

function askV1(spec: Fields, context: QueryContext): Exchange {
  const { from, to } = windowOf(spec, context);
  const query = { query: spec.text('query'), from: String(from), to: String(to) };
  return {
    request: { method: 'GET', url: endpoint(context, '/api/v1/query', query), headers: keys(context) },
    read: response => value(lastPoint(response)),
  };
}

function askV2(spec: Fields, context: QueryContext): Exchange {
  const { from, to } = windowOf(spec, context);
  const named = spec.has('query') ? [['query', spec.text('query')] as const] : spec.entries('queries');
  const formula = spec.optionalText('formula');
  const aggregator = spec.optionalText('aggregator') ?? 'last';
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
function windowOf(spec: Fields, { now }: QueryContext): { readonly from: number; readonly to: number } {
  const to = Math.floor(now / 1000);
  return { from: to - Math.round(spec.optionalSeconds('interval') ?? 300), to };
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
