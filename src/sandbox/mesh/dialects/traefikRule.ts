import type { MeshRequest } from '../request.js';
import { coversPath } from './pathPrefix.js';

const MATCHERS: Readonly<Record<string, (request: MeshRequest, first: string, second: string) => boolean>> = {
  Host: ({ host }, wanted) => host.toLowerCase() === wanted.toLowerCase(),
  Path: ({ path }, wanted) => path === wanted,
  PathPrefix: ({ path }, wanted) => wanted === '/' || coversPath(wanted, path),
  Method: ({ method }, wanted) => method === wanted,
  Header: ({ headers }, name, value) => headers[name.toLowerCase()] === value,
};

/**
 * Whether a request fits the rule of an IngressRoute: alternatives (`||`) of matchers that all must hold (`&&`).
 * Parentheses, negation and other matchers are not read: a rule that has them fits nothing.
 */
export function matchesRule(rule: string, request: MeshRequest): boolean {
  return rule.split('||').some(all => all.split('&&').every(matcher => matchesOne(matcher.trim(), request)));
}

function matchesOne(matcher: string, request: MeshRequest): boolean {
  const [, name = '', first = '', second = ''] = /^(\w+)\(`([^`]*)`(?:,\s*`([^`]*)`)?\)$/.exec(matcher) ?? [];
  return MATCHERS[name]?.(request, first, second) ?? false;
}
