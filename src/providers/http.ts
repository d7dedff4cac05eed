/** The plain endpoint check of health checks. */
import { Type } from 'typebox';
import { choice, list, serverChecked, shape, whole } from '../schema/schema.js';
import { urlField } from './address.js';
import { value } from './exchange.js';
import { headersField, headersOf, insecureField, tlsField, tlsOf } from './httpFields.js';
import { defineProvider } from './provider.js';

const schema = shape(
  {
    url: serverChecked(urlField, { pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^/]|\\{\\{' }),
    method: Type.Optional(choice(['GET', 'HEAD', 'POST', 'PUT'], { description: 'HTTP method. Default GET.' })),
    headers: Type.Optional(headersField),
    insecure: Type.Optional(insecureField),
    tls: Type.Optional(tlsField),
    expectedStatus: Type.Optional(
      list(whole({ minimum: 100, maximum: 599, description: 'An HTTP status code.' }), {
        minItems: 1,
        maxItems: 20,
        description: 'HTTP status codes that count as healthy.',
        default: [200],
      }),
    ),
  },
  { description: 'An HTTP endpoint that must respond.' },
);

/** An unreachable endpoint has failed its check, so it is a value and no error; no redirect is followed. */
export const http = defineProvider({
  name: 'http',
  schema,
  yields: '`{status}` of every response, redirects included; `{status: 0}` if none arrives',
  ask: spec => ({
    request: {
      method: spec.method ?? 'GET',
      url: spec.url,
      headers: headersOf(spec.headers),
      ...tlsOf(spec),
      wants: 'status',
    },
    accepts: () => true,
    read: ({ status }) => value({ status }),
    unreachable: { status: 0 },
  }),
});
