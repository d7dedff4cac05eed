/** `authentication` of prometheus and web, as Argo Rollouts names its fields; `bearer` is ours. */
import { createHash } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { inLanguage } from '../schema/language.js';
import { list, nameText, shape, text } from '../schema/schema.js';
import { addressOf } from './address.js';
import { at, jsonOf } from './answer.js';
import { awsCredentials, signed } from './awsSignature.js';
import { type Exchange, further, type HttpRequest, type Token } from './exchange.js';
import type { QueryContext } from './provider.js';
import { QueryError } from './queryError.js';
import { secretRefField } from './secretRef.js';

export const authenticationField = shape(
  {
    sigv4: Type.Optional(
      shape(
        {
          region: Type.Optional(inLanguage('header', nameText({ description: 'AWS region.' }))),
          profile: Type.Optional(inLanguage('data', nameText({ description: 'Credential profile.' }))),
          roleArn: Type.Optional(inLanguage('data', text({ description: 'IAM role to assume.' }))),
          secretRef: Type.Optional(secretRefField('Secret with the keys of an AWS account.')),
        },
        { description: 'AWS Signature Version 4, for Amazon Managed Prometheus.' },
      ),
    ),
    oauth2: Type.Optional(
      shape(
        {
          tokenUrl: Type.Optional(inLanguage('url', text({ description: 'URL that issues tokens.' }))),
          clientId: Type.Optional(inLanguage('data', text({ description: 'Client id.' }))),
          clientSecret: Type.Optional(
            inLanguage('data', text({ description: 'Client secret; use {{args.name}} with secretKeyRef.' })),
          ),
          scopes: Type.Optional(
            list(inLanguage('word', text({ description: 'One scope.' })), { maxItems: 50, description: 'Scopes.' }),
          ),
        },
        { description: 'OAuth 2 client credentials.' },
      ),
    ),
    bearer: Type.Optional(
      shape(
        {
          token: inLanguage(
            'header',
            text({ minLength: 1, description: 'Token; use {{args.name}} with secretKeyRef.' }),
          ),
        },
        { description: 'A bearer token.' },
      ),
    ),
    basicAuth: Type.Optional(
      shape(
        {
          username: Type.Optional(inLanguage('data', text({ description: 'User name.' }))),
          password: Type.Optional(
            inLanguage('data', text({ description: 'Password; use {{args.name}} with secretKeyRef.' })),
          ),
        },
        { description: 'HTTP basic authentication.' },
      ),
    ),
  },
  { description: 'Authentication of the request: at most one method.' },
);

/** Where `authenticationField` names the Secret with the keys of an AWS account. */
export const AUTHENTICATION_SECRET = {
  field: ['authentication', 'sigv4', 'secretRef', 'name'],
  keys: 'for `authentication.sigv4`: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, optionally `AWS_SESSION_TOKEN`',
} as const;

type Authentication = Static<typeof authenticationField>;
type OAuth2 = NonNullable<Authentication['oauth2']>;

/** `label` is the field's path, for messages. */
export async function authenticated(
  { basicAuth, bearer, oauth2, sigv4 }: Authentication | undefined = {},
  label: string,
  exchange: Exchange,
  context: QueryContext,
): Promise<Exchange> {
  if (basicAuth?.username !== undefined || basicAuth?.password !== undefined) {
    const username = required(basicAuth.username, `${label}.basicAuth.username`);
    const password = required(basicAuth.password, `${label}.basicAuth.password`);
    return withAuthorization(exchange, basicAuthorization(username, password));
  }
  if (bearer) return withAuthorization(exchange, `Bearer ${bearer.token}`);
  if (oauth2?.tokenUrl !== undefined) return clientCredentials(oauth2, `${label}.oauth2`, exchange);
  if (sigv4?.region !== undefined) {
    const scope = { ...awsCredentials(context.secrets), service: 'aps', region: sigv4.region };
    return { ...exchange, request: await signed(exchange.request, scope, context.now) };
  }
  return exchange;
}

function required(value: string | undefined, label: string): string {
  if (value === undefined) throw new QueryError('spec', `${label} is required`);
  return value;
}

export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** The same exchange, and those that follow from it on its own, with an Authorization header. */
export function withAuthorization(exchange: Exchange, authorization: string): Exchange {
  return {
    ...exchange,
    request: { ...exchange.request, headers: { ...exchange.request.headers, authorization } },
    read: response => {
      const answer = exchange.read(response);
      return answer.done ? answer : { ...answer, next: withAuthorization(answer.next, authorization) };
    },
  };
}

/**
 * OAuth 2 client credentials (RFC 6749, 4.4): a token first, then the exchange with it. The client names itself in
 * the Authorization header, and in the body where the server does not take that.
 */
function clientCredentials(
  { tokenUrl, clientId, clientSecret, scopes = [] }: OAuth2,
  label: string,
  exchange: Exchange,
): Exchange {
  const id = required(clientId, `${label}.clientId`);
  const secret = required(clientSecret, `${label}.clientSecret`);
  const url = addressOf(required(tokenUrl, `${label}.tokenUrl`), `${label}.tokenUrl`, '');
  const scope = scopes.join(' ');
  const form = { grant_type: 'client_credentials', ...(scope !== '' && { scope }) };
  const tls = exchange.request.tls;

  const tokenRequest = (fields: Readonly<Record<string, string>>, authorization?: string): HttpRequest => ({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      ...(authorization !== undefined && { authorization }),
    },
    body: new URLSearchParams(fields).toString(),
    ...(tls && { tls }),
  });
  const key = createHash('sha256')
    .update(JSON.stringify([url, id, secret, scope, tls ?? null]))
    .digest('base64url');
  const use = (token: string) => withAuthorization(exchange, `Bearer ${token}`);
  const inBody: Exchange = {
    request: tokenRequest({ ...form, client_id: id, client_secret: secret }),
    read: response => {
      const token = tokenIn(response.body);
      return further({ ...use(token.text), token: { key, ...token } });
    },
  };
  const inHeader: Exchange = {
    request: tokenRequest(form, basicAuthorization(encodeURIComponent(id), encodeURIComponent(secret))),
    accepts: status => (status >= 200 && status < 300) || status === 400 || status === 401,
    read: response => (response.status >= 400 ? further(inBody) : inBody.read(response)),
    grant: { key, use },
  };
  return inHeader;
}

function tokenIn(body: string): Omit<Token, 'key'> {
  const answer = jsonOf({ status: 200, body });
  const text = at(answer, 'access_token');
  const seconds = Number(at(answer, 'expires_in'));
  if (typeof text === 'string' && text !== '') return { text, ...(Number.isFinite(seconds) && { seconds }) };
  throw new QueryError('answer', 'the token endpoint answered without an access_token');
}
