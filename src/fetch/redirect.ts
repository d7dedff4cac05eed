import type { HttpRequest } from '../providers/exchange.js';
import { QueryError } from '../providers/queryError.js';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

/**
 * The request that a redirect asks for, as RFC 9110 15.4: POST becomes GET, except after 307 and 308. To another origin
 * no header of ours goes along but Accept, no trust and no body: each could carry or void a secret.
 * @throws QueryError when it leads nowhere or would take the body to another origin
 */
export function redirected(request: HttpRequest, status: number, location: string | undefined): HttpRequest {
  const from = new URL(request.url);
  if (location === undefined || !URL.canParse(location, from.href)) {
    throw new QueryError('answer', `${from.host} redirects (HTTP ${status}) to nowhere`);
  }
  const to = new URL(location, from);
  to.username = '';
  to.password = '';
  const asGet = status === 303 || ((status === 301 || status === 302) && request.method === 'POST');
  const sameOrigin = to.origin === from.origin;
  const bodyGoesAlong = !asGet && request.body !== undefined;
  if (bodyGoesAlong && !sameOrigin) {
    throw new QueryError('refused', `${from.host} redirects a ${request.method} to another origin: not followed`);
  }
  return {
    method: asGet && request.method !== 'HEAD' ? 'GET' : request.method,
    url: to.href,
    headers: headersFor(request, sameOrigin, bodyGoesAlong),
    ...(bodyGoesAlong && { body: request.body }),
    ...(sameOrigin && request.tls && { tls: request.tls }),
  };
}

function headersFor(request: HttpRequest, sameOrigin: boolean, withBody: boolean): Readonly<Record<string, string>> {
  const headers = Object.entries(request.headers ?? {});
  if (sameOrigin) return Object.fromEntries(headers.filter(([name]) => withBody || name !== 'content-type'));
  return Object.fromEntries(headers.filter(([name]) => name === 'accept'));
}
