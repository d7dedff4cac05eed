/** Fields that several providers share: headers, TLS, a body, and a POST of JSON. */
import { X509Certificate } from 'node:crypto';
import type { Json } from '../schema/json.js';
import type { Fields } from './fields.js';
import type { HttpRequest, TlsTrust } from './provider.js';
import { QueryError } from './queryError.js';

/** `headers: [{key, value}]`, names in lower case. */
export function headersOf(spec: Fields): Readonly<Record<string, string>> {
  return Object.fromEntries(
    spec.objects('headers').map(header => [header.text('key').toLowerCase(), header.optionalText('value') ?? '']),
  );
}

/** `insecure` as in Argo Rollouts; `tls.ca` (PEM) is ours. */
export function tlsOf(spec: Fields): { readonly tls?: TlsTrust } {
  const ca = spec.optionalObject('tls')?.optionalText('ca');
  const insecure = spec.flag('insecure');
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

interface Payload {
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** `body` or `jsonBody`, not both. */
export function payloadOf(spec: Fields): Payload {
  const body = spec.optionalText('body');
  if (!spec.has('jsonBody')) return { ...(body !== undefined && { body }), headers: {} };
  if (body !== undefined) throw new QueryError('spec', 'body and jsonBody are both given; give one');
  return { body: JSON.stringify(spec.json('jsonBody')), headers: { 'content-type': 'application/json' } };
}

export function postJson(url: string, body: Json, headers: Readonly<Record<string, string>> = {}): HttpRequest {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** A value of the provider's Secret. */
export function secretOf(secrets: Readonly<Record<string, string>>, key: string): string {
  const found = secrets[key];
  if (found === undefined || found === '') throw new QueryError('spec', `the Secret has no ${key}`);
  return found;
}
