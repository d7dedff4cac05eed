import type { Json } from '../schema/json.js';
import { isList, isObject } from '../schema/json.js';
import { at, jsonOf, listAt, malformed } from './answer.js';
import { addressOf, type Fields } from './fields.js';
import { postJson, secretOf } from './httpFields.js';
import { type HttpResponse, type Provider, type QueryContext, value } from './provider.js';
import { QueryError } from './queryError.js';

const NERDGRAPH: Readonly<Record<string, string>> = {
  us: 'https://api.newrelic.com/graphql',
  eu: 'https://api.eu.newrelic.com/graphql',
  staging: 'https://staging-api.newrelic.com/graphql',
};

const QUERY = `query ($accountId: Int!, $query: Nrql!, $timeout: Seconds!) {
  actor { account(id: $accountId) { nrql(query: $query, timeout: $timeout) { results } } }
}`;

/**
 * `{query, profile, timeout}` (NRQL over NerdGraph); the Secret `profile` has `personal-api-key`, `account-id` and
 * optionally `region` (us, eu) or `base-url-nerdgraph`. Yields the result, or the list of several.
 */
export const newRelic: Provider = {
  name: 'newRelic',
  ask: (spec, { secrets }) => {
    const accountId = Number(secretOf(secrets, 'account-id'));
    if (!Number.isInteger(accountId)) throw new QueryError('spec', "the Secret's account-id is not a number");
    const variables = { accountId, query: spec.text('query'), timeout: nrqlSeconds(spec) };
    return {
      request: postJson(
        endpoint(secrets),
        { query: QUERY, variables },
        { 'api-key': secretOf(secrets, 'personal-api-key') },
      ),
      read: response => value(resultOf(response)),
    };
  },
  /** A second more than the query gets, so that New Relic can say that it took too long. */
  timeoutSeconds: spec => nrqlSeconds(spec) + 1,
  secretName: spec => spec.optionalText('profile') ?? 'newrelic',
};

function nrqlSeconds(spec: Fields): number {
  return spec.optionalNumber('timeout') ?? 5;
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
