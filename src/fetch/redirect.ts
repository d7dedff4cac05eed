import type { HttpRequest } from '../providers/exchange.js';
import { QueryError } from '../providers/queryError.js';
import { hostOf } from './addressGuard.js';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

export interface Redirect {
  readonly status: number;
  /** The header, as it was received. */
  readonly location: string | undefined;
  /** The query was made with a Secret: what its answer says is shown nowhere. */
  readonly confidential: boolean;
}

/**
 * No redirect is followed: credentials would go where nobody sent them. The message ends in the target, which may be
 * long and is then cut, and leaves out its query and credentials.
 */
export function redirectError({ url }: HttpRequest, { status, location, confidential }: Redirect): QueryError {
  const from = new URL(url);
  const redirects = `${hostOf(from)} redirects (HTTP ${status})`;
  const target = location === undefined ? undefined : parse(location, from.href);
  if (target === undefined) return new QueryError('status', `${redirects} without a usable Location`);
  const shown = confidential ? 'not shown, because the query uses a Secret' : `${target.origin}${target.pathname}`;
  return new QueryError('status', `${redirects}, which is not followed; write its target in the metric: ${shown}`);
}

function parse(location: string, base: string): URL | undefined {
  if (!URL.canParse(location, base)) return undefined;
  const url = new URL(location, base);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}
