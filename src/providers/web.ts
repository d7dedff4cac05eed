import type { Json } from '../schema/json.js';
import { authenticated } from './authentication.js';
import type { Fields } from './fields.js';
import { headersOf, payloadOf, tlsOf } from './httpFields.js';
import { select } from './jsonPath.js';
import { type HttpRequest, type HttpResponse, type Provider, value } from './provider.js';
import { QueryError } from './queryError.js';

/**
 * `{url, method, headers, body | jsonBody, jsonPath, timeoutSeconds, authentication, insecure, tls}`. Yields what the
 * path finds first, or all of the JSON; without a path a body that is not JSON is yielded as a text.
 */
export const web: Provider = {
  name: 'web',
  ask: (spec, context) =>
    authenticated(spec, { request: requestOf(spec), read: response => value(resultOf(spec, response)) }, context),
  timeoutSeconds: spec => spec.optionalNumber('timeoutSeconds') ?? 10,
};

function requestOf(spec: Fields): HttpRequest {
  const method = methodOf(spec);
  const payload = payloadOf(spec);
  if (payload.body !== undefined && method === 'GET') {
    throw new QueryError('spec', 'web.body and web.jsonBody need the method POST or PUT');
  }
  return {
    method,
    url: spec.text('url'),
    headers: { ...headersOf(spec), ...payload.headers },
    ...(payload.body !== undefined && { body: payload.body }),
    ...tlsOf(spec),
  };
}

function methodOf(spec: Fields): 'GET' | 'POST' | 'PUT' {
  const method = spec.optionalText('method') ?? 'GET';
  if (method === 'GET' || method === 'POST' || method === 'PUT') return method;
  throw new QueryError('spec', 'web.method is not GET, POST or PUT');
}

function resultOf(spec: Fields, { body }: HttpResponse): Json {
  const path = pathOf(spec);
  let json: Json;
  try {
    json = JSON.parse(body) as Json;
  } catch {
    if (path === '$' && body !== '') return body;
    throw new QueryError('answer', body === '' ? 'the answer is empty' : 'the answer is not JSON');
  }
  if (path === '$') return json;
  const found = select(json, path);
  if (found.length === 0) throw new QueryError('answer', 'jsonPath finds nothing in the answer');
  return found[0] ?? null;
}

/** RFC 9535; Argo Rollouts writes kubectl's form, with braces around it and sometimes no `$`. */
function pathOf(spec: Fields): string {
  const written = (spec.optionalText('jsonPath') ?? '$').trim();
  const path = written.startsWith('{') && written.endsWith('}') ? written.slice(1, -1).trim() : written;
  if (path === '') return '$';
  return path.startsWith('$') ? path : `$${/^[.[]/.test(path) ? '' : '.'}${path}`;
}
