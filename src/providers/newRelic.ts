/** New Relic: NRQL over NerdGraph. */
import { type Static, Type } from 'typebox';
import type { Json } from '../schema/json.js';
import { isList, isObject } from '../schema/json.js';
import { inLanguage } from '../schema/language.js';
import { nameText, shape } from '../schema/schema.js';
import { addressOf } from './address.js';
import { at, jsonOf, listAt, malformed } from './answer.js';
import { type HttpResponse, value } from './exchange.js';
import { postJson, timeoutSecondsField } from './httpFields.js';
import { defineProvider, type QueryContext } from './provider.js';
import { QueryError } from './queryError.js';
import { queryField } from './queryField.js';
import { secretOf } from './secretRef.js';

const NERDGRAPH: Readonly<Record<string, string>> = {
  us: 'https://api.newrelic.com/graphql',
  eu: 'https://api.eu.newrelic.com/graphql',
  staging: 'https://staging-api.newrelic.com/graphql',
};

const QUERY = `query ($accountId: Int!, $query: Nrql!, $timeout: Seconds!) {
  actor { account(id: $accountId) { nrql(query: $query, timeout: $timeout) { results } } }
}`;

const schema = shape(
  {
    profile: Type.Optional(
      inLanguage('data', nameText({ description: 'Name of the Secret with the account. Default newrelic.' })),
    ),
    query: queryField('nrql'),
    timeout: Type.Optional(timeoutSecondsField),
  },
  { description: 'A New Relic NRQL query.' },
);

export const newRelic = defineProvider({
  name: 'newRelic',
  schema,
  yields: 'the result, or the list of several',
  secret: {
    field: ['profile'],
    default: 'newrelic',
    keys: '`personal-api-key`, `account-id`, optionally `region` (us, eu) or `base-url-nerdgraph`',
  },
  /** A second more than the query gets, so that New Relic can say that it took too long. */
  timeoutSeconds: spec => nrqlSeconds(spec) + 1,
  ask: (spec, { secrets }) => {
    const accountId = Number(secretOf(secrets, 'account-id'));
    if (!Number.isInteger(accountId)) throw new QueryError('spec', "the Secret's account-id is not a number");
    const variables = { accountId, query: spec.query, timeout: nrqlSeconds(spec) };
    const headers = { 'api-key': secretOf(secrets, 'personal-api-key') };
    return {
      request: postJson(endpoint(secrets), { query: QUERY, variables }, headers),
      read: response => value(resultOf(response)),
    };
  },
});

function nrqlSeconds({ timeout = 5 }: Static<typeof schema>): number {
  return timeout;
}

function endpoint(secrets: QueryContext['secrets']): string {
  const region = (secrets['region'] || 'us').toLowerCase();
  const address = secrets['base-url-nerdgraph'] || NERDGRAPH[region];
  if (address === undefined) throw new QueryError('spec', "the Secret's region is not us or eu");
  return addressOf(address, "the Secret's base-url-nerdgraph", '');
}

function resultOf(response: HttpResponse): Json {
  const answer = jsonOf(response);
  const errors = at(answer, 'errors');
  if (isList(errors) && errors.length > 0) throw new QueryError('answer', 'New Relic found errors in the query');
  const results = listAt(answer, 'data', 'actor', 'account', 'nrql', 'results');
  const [first] = results;
  if (first === undefined) throw new QueryError('answer', 'the query has no results');
  if (results.length > 1) return results;
  if (!isObject(first)) throw malformed('a result is not an object');
  if (Object.keys(first).length === 0) throw new QueryError('answer', 'the query has no results');
  return first;
}
