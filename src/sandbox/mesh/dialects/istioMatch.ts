import { type Fields, fields, objects } from '../../../schema/json.js';
import type { MeshRequest } from '../request.js';

/** What of a match depends on the request; a match that asks for more (source labels, gateways) never holds here. */
const CONDITIONS: Readonly<Record<string, (wanted: unknown, request: MeshRequest, match: Fields) => boolean>> = {
  name: () => true,
  uri: (wanted, { path }, { ignoreUriCase }) => matchesText(wanted, path, ignoreUriCase === true),
  ignoreUriCase: () => true,
  method: (wanted, { method }) => matchesText(wanted, method),
  authority: (wanted, { host }) => matchesText(wanted, host),
  headers: (wanted, { headers }) =>
    Object.entries(fields(wanted)).every(([name, value]) => matchesText(value, headers[name])),
  withoutHeaders: (wanted, { headers }) =>
    !Object.entries(fields(wanted)).some(([name, value]) => matchesText(value, headers[name])),
};

/** A route without matches takes everything; with matches, what fits one of them in all that it asks for. */
export function matchesRoute(route: Fields, request: MeshRequest): boolean {
  const matches = objects(route['match']);
  return matches.length === 0 || matches.some(match => holds(match, request));
}

function holds(match: Fields, request: MeshRequest): boolean {
  return Object.entries(match).every(([condition, wanted]) => CONDITIONS[condition]?.(wanted, request, match) ?? false);
}

/** A StringMatch. Without exact, prefix or regex it asks that there be a value. Regular expressions match in full. */
function matchesText(wanted: unknown, value: string | undefined, ignoreCase = false): boolean {
  if (value === undefined) return false;
  const { exact, prefix, regex } = fields(wanted);
  const plain = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  if (typeof exact === 'string') return plain(value) === plain(exact);
  if (typeof prefix === 'string') return plain(value).startsWith(plain(prefix));
  return typeof regex !== 'string' || new RegExp(`^(?:${regex})$`).test(value);
}
