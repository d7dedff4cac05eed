/** Any HTTP endpoint that returns JSON. */
import { type Static, Type } from 'typebox';
import type { Json } from '../schema/json.js';
import { inLanguage } from '../schema/language.js';
import { choice, shape, text } from '../schema/schema.js';
import { urlField } from './address.js';
import { parseJson } from './answer.js';
import { AUTHENTICATION_SECRET, authenticated, authenticationField } from './authentication.js';
import { type HttpRequest, type HttpResponse, value } from './exchange.js';
import {
  bodyFields,
  headersField,
  headersOf,
  insecureField,
  payloadOf,
  timeoutSecondsField,
  tlsField,
  tlsOf,
} from './httpFields.js';
import { select } from './jsonPath.js';
import { defineProvider } from './provider.js';
import { QueryError } from './queryError.js';

const schema = shape(
  {
    url: urlField,
    method: Type.Optional(choice(['GET', 'POST', 'PUT'], { description: 'HTTP method. Default GET.' })),
    headers: Type.Optional(headersField),
    ...bodyFields,
    timeoutSeconds: Type.Optional(timeoutSecondsField),
    jsonPath: Type.Optional(
      inLanguage(
        'jsonPath',
        text({ description: 'JSONPath of the result in the response. Default: the whole response.' }),
      ),
    ),
    insecure: Type.Optional(insecureField),
    tls: Type.Optional(tlsField),
    authentication: Type.Optional(authenticationField),
  },
  { description: 'Any HTTP endpoint that returns JSON.' },
);

type Spec = Static<typeof schema>;

export const web = defineProvider({
  name: 'web',
  schema,
  yields:
    'the first match of `jsonPath`, or the whole response; without a `jsonPath`, a body that is not JSON is a string',
  secret: AUTHENTICATION_SECRET,
  timeoutSeconds: ({ timeoutSeconds = 10 }) => timeoutSeconds,
  ask: (spec, context) => {
    const exchange = { request: requestOf(spec), read: (response: HttpResponse) => value(resultOf(spec, response)) };
    return authenticated(spec.authentication, 'web.authentication', exchange, context);
  },
});

function requestOf(spec: Spec): HttpRequest {
  const { method = 'GET' } = spec;
  const payload = payloadOf(spec);
  if (payload.body !== undefined && method === 'GET') {
    throw new QueryError('spec', 'web.body and web.jsonBody require method POST or PUT');
  }
  return {
    method,
    url: spec.url,
    headers: { ...headersOf(spec.headers), ...payload.headers },
    ...(payload.body !== undefined && { body: payload.body }),
    ...tlsOf(spec),
  };
}

function resultOf(spec: Spec, { body }: HttpResponse): Json {
  const path = pathOf(spec.jsonPath);
  let json: Json;
  try {
    json = parseJson(body);
  } catch (error) {
    if (error instanceof QueryError) throw error;
    if (path === '$' && body !== '') return body;
    throw new QueryError('answer', body === '' ? 'the answer is empty' : 'the answer is not JSON');
  }
  if (path === '$') return json;
  const found = select(json, path);
  if (found.length === 0) throw new QueryError('answer', 'jsonPath finds nothing in the answer');
  return found[0] ?? null;
}

/** RFC 9535; Argo Rollouts writes kubectl's form, with braces around it and sometimes no `$`. */
function pathOf(jsonPath = '$'): string {
  const written = jsonPath.trim();
  const path = written.startsWith('{') && written.endsWith('}') ? written.slice(1, -1).trim() : written;
  if (path === '') return '$';
  return path.startsWith('$') ? path : `$${/^[.[]/.test(path) ? '' : '.'}${path}`;
}
