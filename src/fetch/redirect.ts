import type { HttpRequest } from '../providers/exchange.js';
import { QueryError } from '../providers/queryError.js';
import { hostOf } from './addressGuard.js';
import type { Redact } from './redact.js';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

/**
 * No redirect is followed: credentials would go where nobody sent them. The message ends in the target, which may be
 * long and is then cut, and leaves out its query and credentials. Both addresses are redacted as they are written:
 * parsing encodes some characters of a secret and cuts it at others.
 */
export function redirectError(
  request: HttpRequest,
  status: number,
  location: string | undefined,
  redact: Redact<string>,
): QueryError {
  const from = new URL(request.url);
  const redirects = `${hostOf(from)} redirects (HTTP ${status})`;
  const base = redact(request.url);
  // The whole address may be a secret.
  const target = parse(redact(location ?? ''), URL.canParse(base) ? base : `${from.protocol}//***`);
  if (location === undefined || target === undefined) {
    return new QueryError('status', `${redirects} without a usable Location`);
  }
  const shown = `${target.origin}${target.pathname}`;
  return new QueryError('status', `${redirects}, which is not followed; write its target in the metric: ${shown}`);
}

function parse(location: string, base: string): URL | undefined {
  if (!URL.canParse(location, base)) return undefined;
  const url = new URL(location, base);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}
