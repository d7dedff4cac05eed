/** Fields that providers share: headers, TLS, timeout, a body; and a POST of JSON. */
import { X509Certificate } from 'node:crypto';
import { type Static, Type } from 'typebox';
import type { Json } from '../schema/json.js';
import { inLanguage } from '../schema/language.js';
import { anyObject, flag, list, nameText, shape, text, whole } from '../schema/schema.js';
import type { HttpRequest, TlsTrust } from './exchange.js';
import { QueryError } from './queryError.js';

export const timeoutSecondsField = whole({
  minimum: 1,
  maximum: 300,
  description: 'Time limit of a request, in seconds.',
});

export const headersField = list(
  shape(
    {
      key: inLanguage('word', nameText({ description: 'Name of the header.' })),
      value: inLanguage('header', text({ description: 'Value of the header; may use {{args.name}}.' })),
    },
    { description: 'One request header.' },
  ),
  { maxItems: 50, key: 'key', description: 'Request headers.' },
);

/** Names in lower case. */
export function headersOf(headers: Static<typeof headersField> = []): Readonly<Record<string, string>> {
  return Object.fromEntries(headers.map(({ key, value }) => [key.toLowerCase(), value]));
}

/** As in Argo Rollouts. */
export const insecureField = flag({ description: "Whether to skip verification of the server's certificate." });

export const tlsField = shape(
  {
    ca: Type.Optional(
      inLanguage(
        'data',
        text({ maxLength: 65_536, description: 'Certificate of the certificate authority, in PEM format.' }),
      ),
    ),
  },
  { description: "Verification of the server's certificate." },
);

interface TlsFields {
  readonly insecure?: boolean;
  readonly tls?: Static<typeof tlsField>;
}

export function tlsOf({ insecure = false, tls }: TlsFields): { readonly tls?: TlsTrust } {
  const ca = tls?.ca;
  if (ca === undefined && !insecure) return {};
  if (ca !== undefined) checkCertificate(ca);
  return { tls: { ...(ca !== undefined && { ca }), ...(insecure && { insecure }) } };
}

/** TLS would take anything, trust nobody because of it, and not say why. */
function checkCertificate(pem: string): void {
  try {
    new X509Certificate(pem);
  } catch {
    throw new QueryError('spec', 'tls.ca is not a PEM certificate');
  }
}

export const bodyFields = {
  body: Type.Optional(inLanguage('body', text({ maxLength: 65_536, description: 'Body of a POST or PUT.' }))),
  jsonBody: Type.Optional(inLanguage('json', anyObject({ description: 'Body of a POST or PUT, as JSON.' }))),
};

interface Payload {
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** `body` or `jsonBody`, not both. */
export function payloadOf({ body, jsonBody }: { readonly body?: string; readonly jsonBody?: Json }): Payload {
  if (jsonBody === undefined) return { ...(body !== undefined && { body }), headers: {} };
  if (body !== undefined) throw new QueryError('spec', 'body and jsonBody are mutually exclusive');
  return { body: JSON.stringify(jsonBody), headers: { 'content-type': 'application/json' } };
}

export function postJson(url: string, body: Json, headers: Readonly<Record<string, string>> = {}): HttpRequest {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
