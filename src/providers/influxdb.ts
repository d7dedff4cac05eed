import type { Json } from '../schema/json.js';
import { malformed, numberOf } from './answer.js';
import { parseCsv } from './csv.js';
import { addressOf } from './fields.js';
import { postJson, secretOf } from './httpFields.js';
import { type HttpResponse, type Provider, value } from './provider.js';
import { QueryError } from './queryError.js';

/**
 * `{query, profile}` (Flux, InfluxDB 2); the Secret `profile` has `address`, `authToken` and `org`. Yields the `_value`
 * of every record in a list. No record at all is an error, as in Argo Rollouts.
 */
export const influxdb: Provider = {
  name: 'influxdb',
  ask: (spec, { secrets }) => {
    const url = addressOf(secretOf(secrets, 'address'), "the Secret's address", '/api/v2/query', {
      org: secretOf(secrets, 'org'),
    });
    const dialect = { annotations: ['datatype', 'group', 'default'], delimiter: ',', header: true };
    const headers = { accept: 'application/csv', authorization: `Token ${secretOf(secrets, 'authToken')}` };
    return {
      request: postJson(url, { query: spec.text('query'), type: 'flux', dialect }, headers),
      read: response => value(recordValues(response)),
    };
  },
  secretName: spec => spec.optionalText('profile') ?? 'influxdb',
};

/** Annotated CSV: tables follow each other, each with its own `#datatype` and header rows. */
function recordValues({ body }: HttpResponse): readonly Json[] {
  const values: Json[] = [];
  let types: readonly string[] = [];
  let header: readonly string[] | undefined;
  for (const row of parseCsv(body)) {
    if (row.length === 0) header = undefined;
    else if (row[0]?.startsWith('#')) {
      if (row[0] === '#datatype') types = row;
      header = undefined;
    } else if (header === undefined) header = headerOf(row);
    else values.push(valueIn(row, header, types));
  }
  if (values.length === 0) throw new QueryError('answer', 'the query has no results');
  return values;
}

function headerOf(row: readonly string[]): readonly string[] {
  if (row.includes('error')) throw new QueryError('answer', 'InfluxDB found an error in the query');
  if (!row.includes('_value')) throw malformed('a table has no column _value');
  return row;
}

function valueIn(row: readonly string[], header: readonly string[], types: readonly string[]): Json {
  const column = header.indexOf('_value');
  const text = row[column] ?? '';
  switch (types[column]) {
    case 'double':
    case 'long':
    case 'unsignedLong':
      return text === '' ? null : numberOf(text);
    case 'boolean':
      return text === '' ? null : text === 'true';
    default:
      return text;
  }
}
