/** InfluxDB 2, in Flux. */
import { Type } from 'typebox';
import type { Json } from '../schema/json.js';
import { inLanguage } from '../schema/language.js';
import { nameText, shape } from '../schema/schema.js';
import { addressOf } from './address.js';
import { malformed, numberOf } from './answer.js';
import { parseCsv } from './csv.js';
import { type HttpResponse, value } from './exchange.js';
import { postJson } from './httpFields.js';
import { defineProvider } from './provider.js';
import { QueryError } from './queryError.js';
import { queryField } from './queryField.js';
import { secretOf } from './secretRef.js';

const schema = shape(
  {
    profile: Type.Optional(
      inLanguage('data', nameText({ description: 'Name of the Secret with the account. Default influxdb.' })),
    ),
    query: queryField('flux'),
  },
  { description: 'An InfluxDB Flux query.' },
);

export const influxdb = defineProvider({
  name: 'influxdb',
  schema,
  yields: "the list of the records' `_value`; no record at all is an error",
  secret: { field: ['profile'], default: 'influxdb', keys: '`address`, `authToken`, `org`' },
  ask: ({ query }, { secrets }) => {
    const url = addressOf(secretOf(secrets, 'address'), "the Secret's address", '/api/v2/query', {
      org: secretOf(secrets, 'org'),
    });
    const dialect = { annotations: ['datatype', 'group', 'default'], delimiter: ',', header: true };
    const headers = { accept: 'application/csv', authorization: `Token ${secretOf(secrets, 'authToken')}` };
    return {
      request: postJson(url, { query, type: 'flux', dialect }, headers),
      read: response => value(recordValues(response)),
    };
  },
});

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
