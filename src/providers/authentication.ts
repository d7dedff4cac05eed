/** `authentication` of prometheus and web, as Argo Rollouts names its fields; `bearer` is ours. */
import { createHash } from 'node:crypto';
import { at, jsonOf } from './answer.js';
import { awsCredentials, signed } from './awsSignature.js';
import type { Fields } from './fields.js';
import { type Exchange, further, type HttpRequest, type QueryContext, type Token } from './provider.js';
import { QueryError } from './queryError.js';

export async function authenticated(spec: Fields, exchange: Exchange, context: QueryContext): Promise<Exchange> {
  const authentication = spec.optionalObject('authentication');
  const basic = authentication?.optionalObject('basicAuth');
  if (basic?.has('username') || basic?.has('password')) {
    return withAuthorization(exchange, basicAuthorization(basic.text('username'), basic.text('password')));
  }
  const bearer = authentication?.optionalObject('bearer');
  if (bearer) return withAuthorization(exchange, `Bearer ${bearer.text('token')}`);

  const oauth2 = authentication?.optionalObject('oauth2');
  if (oauth2?.has('tokenUrl')) return clientCredentials(oauth2, exchange);

  const sigv4 = authentication?.optionalObject('sigv4');
  if (sigv4?.has('region')) {
    const credentials = awsCredentials(context.secrets);
    const request = await signed(
      exchange.request,
      { ...credentials, service: 'aps', region: sigv4.text('region') },
      context.now,
    );
    return { ...exchange, request };
  }
  return exchange;
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
function clientCredentials(oauth2: Fields, exchange: Exchange): Exchange {
  const id = oauth2.text('clientId');
  const secret = oauth2.text('clientSecret');
  const url = oauth2.url('tokenUrl', '');
  const scope = oauth2.texts('scopes').join(' ');
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
