import { type Fields, isObject, objects } from '../../schema/json.js';
import { GATEWAY_GROUP, type RouteKind } from './schema.js';

/**
 * Defaults of the Gateway API's schemas, written out. Rules are replaced whole under dynamic apply: without these every
 * sync would take away what the API server fills in, and the object would never settle.
 */
export function completeSpec(spec: Fields, { matches }: RouteKind): Fields {
  return {
    ...spec,
    ...(Array.isArray(spec['parentRefs']) && { parentRefs: objects(spec['parentRefs']).map(completeParent) }),
    ...(Array.isArray(spec['rules']) && { rules: objects(spec['rules']).map(rule => completeRule(rule, matches)) }),
  };
}

function completeParent(parent: Fields): Fields {
  return { group: GATEWAY_GROUP, kind: 'Gateway', ...parent };
}

function completeRule(rule: Fields, matches: RouteKind['matches']): Fields {
  const written = objects(rule['matches']);
  const completed = matches === 'http' && written.length === 0 ? [{}] : written;
  return {
    ...rule,
    ...(completed.length > 0 && {
      matches: completed.map(match => (matches === 'http' ? completeHttpMatch(match) : completeGrpcMatch(match))),
    }),
    ...completeLists(rule),
  };
}

function completeLists(holder: Fields): Fields {
  return {
    ...(Array.isArray(holder['backendRefs']) && { backendRefs: objects(holder['backendRefs']).map(completeBackend) }),
    ...(Array.isArray(holder['filters']) && { filters: objects(holder['filters']).map(completeFilter) }),
  };
}

function completeBackend(backend: Fields): Fields {
  return { ...completeReference(backend), weight: backend['weight'] ?? 1, ...completeLists(backend) };
}

function completeReference(reference: Fields): Fields {
  return { group: '', kind: 'Service', ...reference };
}

/** A field of a filter with its defaults, if the filter has it. */
const FILTER_DEFAULTS: Readonly<Record<string, (filter: Fields) => Fields>> = {
  requestRedirect: filter => ({ statusCode: 302, ...filter }),
  cors: filter => ({ maxAge: 5, ...filter }),
  requestMirror: filter => ({
    ...filter,
    ...(isObject(filter['backendRef']) && { backendRef: completeReference(filter['backendRef']) }),
    ...(isObject(filter['fraction']) && { fraction: { denominator: 100, ...filter['fraction'] } }),
  }),
};

function completeFilter(filter: Fields): Fields {
  const completed = Object.entries(filter).map(([field, value]) => {
    const defaults = FILTER_DEFAULTS[field];
    return [field, defaults !== undefined && isObject(value) ? defaults(value) : value] as const;
  });
  return Object.fromEntries(completed);
}

function completeHttpMatch(match: Fields): Fields {
  const path = isObject(match['path']) ? match['path'] : {};
  return {
    ...match,
    path: { type: 'PathPrefix', value: '/', ...path },
    ...exactByDefault(match, ['headers', 'queryParams']),
  };
}

function completeGrpcMatch(match: Fields): Fields {
  const method = match['method'];
  return {
    ...match,
    ...(isObject(method) && { method: { type: 'Exact', ...method } }),
    ...exactByDefault(match, ['headers']),
  };
}

function exactByDefault(match: Fields, lists: readonly string[]): Fields {
  const written = lists.filter(list => Array.isArray(match[list]));
  return Object.fromEntries(
    written.map(list => [list, objects(match[list]).map(each => ({ type: 'Exact', ...each }))]),
  );
}
