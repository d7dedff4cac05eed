import { asText, type Fields, fields, objects } from '../../schema/json.js';
import { escapeRegex } from '../../schema/regex.js';
import type { StringMatch } from '../../schema/stringMatch.js';
import { bothMatch, narrowedMatches, type RouteMatch } from '../routeMatch.js';
import type { ManagedRoute } from '../router.js';
import type { RouteKind } from './schema.js';

/**
 * Matches of the managed route within the user's rule. The most specific rule takes a request here, not the first, so
 * each match repeats the rule's own path and method and adds to it: it wins over this rule, and over no other.
 */
export function narrowedRule(rule: Fields, managed: ManagedRoute, { matches }: RouteKind): readonly Fields[] {
  if (matches === 'none') return [];
  return narrowedMatches(rule['matches'], managed, matches === 'http' ? narrowHttp : narrowGrpc);
}

function narrowHttp(match: Fields, wanted: RouteMatch): Fields | undefined {
  const path = bothMatch(asPath(match['path']), wanted.path, coversPath);
  const method = methodOf(match['method'], wanted.method);
  const headers = joinHeaders(match, wanted);
  if (path === 'none' || method === 'none' || headers === undefined) return undefined;
  return {
    ...match,
    ...(path !== undefined && { path: fromPath(path) }),
    ...(method !== undefined && { method }),
    ...(headers.length > 0 && { headers }),
  };
}

/** gRPC requests are all POST; `/service/method` is the path. */
function narrowGrpc(match: Fields, wanted: RouteMatch): Fields | undefined {
  const headers = joinHeaders(match, wanted);
  const path = wanted.path === undefined ? undefined : grpcMethod(wanted.path);
  const method = wanted.method;
  if (headers === undefined || path === 'none' || (method !== undefined && method.exact !== 'POST')) return undefined;
  if (path !== undefined && match['method'] !== undefined) return undefined;
  return { ...match, ...(path !== undefined && { method: path }), ...(headers.length > 0 && { headers }) };
}

function grpcMethod({ exact }: StringMatch): Fields | 'none' {
  const [, service, method] = /^\/([^/]+)\/([^/]+)$/.exec(exact ?? '') ?? [];
  return service === undefined || method === undefined ? 'none' : { type: 'Exact', service, method };
}

/** A header that both name cannot be asked for twice. */
function joinHeaders(match: Fields, { headers }: RouteMatch): readonly Fields[] | undefined {
  const own = objects(match['headers']);
  const names = new Set(own.map(({ name }) => (asText(name) ?? '').toLowerCase()));
  if (headers.some(([name]) => names.has(name.toLowerCase()))) return undefined;
  return [...own, ...headers.map(([name, value]) => headerMatch(name, value))];
}

function headerMatch(name: string, { exact, prefix, regex }: StringMatch): Fields {
  if (exact !== undefined) return { type: 'Exact', name, value: exact };
  return { type: 'RegularExpression', name, value: regex ?? `${escapeRegex(prefix ?? '')}.*` };
}

/** Methods are matched exactly, or not at all. */
function methodOf(own: unknown, wanted: StringMatch | undefined): string | undefined | 'none' {
  const written = asText(own);
  if (wanted === undefined) return written;
  if (wanted.exact === undefined || (written !== undefined && written !== wanted.exact)) return 'none';
  return wanted.exact;
}

/** Every path begins with `/`: that prefix leaves the choice to the other side. */
function asPath(value: unknown): StringMatch | undefined {
  const { type, value: path } = fields(value);
  const written = asText(path) ?? '/';
  if (type === 'Exact') return { exact: written };
  if (type === 'RegularExpression') return { regex: written };
  return written === '/' || written === '' ? undefined : { prefix: written };
}

function fromPath({ exact, prefix, regex }: StringMatch): Fields {
  if (exact !== undefined) return { type: 'Exact', value: exact };
  if (regex !== undefined) return { type: 'RegularExpression', value: regex };
  return { type: 'PathPrefix', value: prefix ?? '/' };
}

/** PathPrefix goes by whole elements: `/shop` covers `/shop/cart`, not `/shopping`. */
function coversPath(prefix: string, path: string): boolean {
  const base = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  return path === base || path.startsWith(`${base}/`);
}
