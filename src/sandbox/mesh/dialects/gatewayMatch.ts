import { asText, type Fields, fields, objects } from '../../../schema/json.js';
import type { MeshRequest } from '../request.js';
import { coversPath } from './pathPrefix.js';

/**
 * The ranks of those matches of a rule that take the request; none when it is not for this rule. A rank is compared
 * number by number, the higher the more specific, in the order that the Gateway API prescribes.
 */
export type RuleMatches = (rule: Fields, request: MeshRequest) => readonly (readonly number[])[];

/** Exact path, longest prefix, method, most headers, most query parameters. Regular expressions come after prefixes. */
export const HTTP_MATCHES: RuleMatches = (rule, request) =>
  matchesOf(rule).flatMap(match => {
    const path = pathRank(fields(match['path']), request.path);
    const method = asText(match['method']);
    const fits = method === undefined || method === request.method;
    // Query parameters are not part of a request here, so a match that asks for one does not hold.
    const asks = objects(match['queryParams']).length > 0;
    if (path === undefined || !fits || asks || !headersMatch(match, request)) return [];
    return [[...path, method === undefined ? 0 : 1, objects(match['headers']).length]];
  });

/** Longest service, longest method, most headers. */
export const GRPC_MATCHES: RuleMatches = (rule, request) =>
  matchesOf(rule).flatMap(match => {
    const [, service = '', method = ''] = request.path.split('/');
    const wanted = fields(match['method']);
    const regular = wanted['type'] === 'RegularExpression';
    const fits = grpcPart(wanted['service'], service, regular) && grpcPart(wanted['method'], method, regular);
    if (!fits || !headersMatch(match, request)) return [];
    const length = (part: unknown) => asText(part)?.length ?? 0;
    return [[length(wanted['service']), length(wanted['method']), objects(match['headers']).length]];
  });

function matchesOf(rule: Fields): readonly Fields[] {
  const written = objects(rule['matches']);
  return written.length === 0 ? [{}] : written;
}

function grpcPart(wanted: unknown, value: string, regular: boolean): boolean {
  const written = asText(wanted);
  if (written === undefined) return true;
  return regular ? matchesInFull(written, value) : written === value;
}

function pathRank({ type = 'PathPrefix', value }: Fields, path: string): readonly [number, number] | undefined {
  const wanted = asText(value) ?? '/';
  switch (type) {
    case 'Exact':
      return wanted === path ? [2, wanted.length] : undefined;
    case 'RegularExpression':
      return matchesInFull(wanted, path) ? [0, wanted.length] : undefined;
    default:
      return coversPath(wanted, path) ? [1, wanted.length] : undefined;
  }
}

function headersMatch(match: Fields, { headers }: MeshRequest): boolean {
  return objects(match['headers']).every(({ type = 'Exact', name, value }) => {
    const given = headers[(asText(name) ?? '').toLowerCase()];
    const wanted = asText(value) ?? '';
    if (given === undefined) return false;
    return type === 'RegularExpression' ? matchesInFull(wanted, given) : given === wanted;
  });
}

function matchesInFull(regex: string, value: string): boolean {
  return new RegExp(`^(?:${regex})$`).test(value);
}
