import { asText, type Fields, fields, objects } from '../../../schema/json.js';
import { weightOf } from '../../../schema/weight.js';
import { answer, divided, toService } from '../plan.js';
import type { MeshRequest } from '../request.js';
import { serviceOf } from '../view.js';
import type { Dialect } from './dialect.js';
import { hostRank } from './hostPattern.js';

const APISIX_ROUTE = 'ApisixRoute.apisix.apache.org/v2';
const DEFAULT_WEIGHT = 100;

/** Apache APISIX: of the http rules whose host, path and method fit, the one of the highest priority, then longest path. */
export const apisixDialect: Dialect = {
  name: 'APISIX',
  kinds: [APISIX_ROUTE],
  plan: (request, view) => {
    if (serviceOf(request.host, request.namespace, view) !== undefined) return undefined;
    const rules = view.objects(APISIX_ROUTE).flatMap(({ metadata, spec }) =>
      objects(fields(spec)['http']).flatMap(rule => {
        const length = matchLength(fields(rule['match']), request);
        return length === undefined ? [] : [{ rule, length, namespace: metadata.namespace ?? '' }];
      }),
    );
    const [first] = rules.toSorted((a, b) => priority(b.rule) - priority(a.rule) || b.length - a.length);
    if (first === undefined) return undefined;
    const backends = objects(first.rule['backends']).map(({ serviceName, weight }) => ({
      weight: weightOf(weight) ?? DEFAULT_WEIGHT,
      target: toService(first.namespace, asText(serviceName) ?? ''),
    }));
    return divided(backends, answer(503, 'no backend has a weight'));
  },
};

function priority({ priority: written }: Fields): number {
  return weightOf(written) ?? 0;
}

/** Length of the path that fits; undefined when the rule is not for this request, or asks for more than is read here. */
function matchLength({ hosts, paths, methods, ...others }: Fields, request: MeshRequest): number | undefined {
  if (Object.keys(others).length > 0) return undefined;
  if (Array.isArray(methods) && !methods.includes(request.method)) return undefined;
  const named = texts(hosts);
  if (named.length > 0 && !named.some(host => hostRank(host, request.host) !== undefined)) return undefined;
  const fitting = texts(paths).filter(path =>
    path.endsWith('*') ? request.path.startsWith(path.slice(0, -1)) : path === request.path,
  );
  return fitting.length === 0 ? undefined : Math.max(...fitting.map(({ length }) => length));
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.flatMap(each => asText(each) ?? []) : [];
}
