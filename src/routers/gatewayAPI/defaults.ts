import { type Fields, fields, isObject, objects } from '../../schema/json.js';
import { GATEWAY_GROUP, type RouteKind } from './schema.js';

/** What the API server fills in where an object says nothing, and in the objects and lists of objects inside of it. */
interface Defaults {
  readonly own?: Fields;
  readonly objects?: Readonly<Record<string, Defaults>>;
  readonly lists?: Readonly<Record<string, Defaults>>;
}

const PARENT: Defaults = { own: { group: GATEWAY_GROUP, kind: 'Gateway' } };
const SERVICE: Defaults = { own: { group: '', kind: 'Service' } };
const EXACT: Defaults = { own: { type: 'Exact' } };
const FILTER: Defaults = {
  objects: {
    requestRedirect: { own: { statusCode: 302 } },
    cors: { own: { maxAge: 5 } },
    requestMirror: { objects: { backendRef: SERVICE, fraction: { own: { denominator: 100 } } } },
  },
};
const BACKEND: Defaults = { own: { ...SERVICE.own, weight: 1 }, lists: { filters: FILTER } };
const HTTP_MATCH: Defaults = {
  objects: { path: { own: { type: 'PathPrefix', value: '/' } } },
  lists: { headers: EXACT, queryParams: EXACT },
};
const OTHER_MATCH: Defaults = { objects: { method: EXACT }, lists: { headers: EXACT } };

/**
 * Defaults of the Gateway API's schemas, written out. Rules are replaced whole under dynamic apply: without these every
 * sync would take away what the API server fills in, and the object would never settle.
 */
export function completeSpec(spec: Fields, { matches }: RouteKind): Fields {
  const match = matches === 'http' ? HTTP_MATCH : OTHER_MATCH;
  const rule: Defaults = { lists: { matches: match, backendRefs: BACKEND, filters: FILTER } };
  const rules = objects(spec['rules']).map(each => complete(matches === 'http' ? withPaths(each) : each, rule));
  return { ...complete(spec, { lists: { parentRefs: PARENT } }), ...(Array.isArray(spec['rules']) && { rules }) };
}

/** A rule without matches has one, and each has a path. */
function withPaths(rule: Fields): Fields {
  const written = objects(rule['matches']);
  const matches = (written.length > 0 ? written : [{}]).map((match: Fields) => ({
    ...match,
    path: fields(match['path']),
  }));
  return { ...rule, matches };
}

function complete(value: Fields, { own, objects: inObjects = {}, lists = {} }: Defaults): Fields {
  const completed = [
    ...Object.entries(inObjects).flatMap(([field, defaults]) =>
      isObject(value[field]) ? [[field, complete(value[field], defaults)] as const] : [],
    ),
    ...Object.entries(lists).flatMap(([field, defaults]) =>
      Array.isArray(value[field])
        ? [[field, objects(value[field]).map(each => complete(each, defaults))] as const]
        : [],
    ),
  ];
  return { ...own, ...value, ...Object.fromEntries(completed) };
}
