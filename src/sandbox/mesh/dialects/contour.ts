import { asText, type Fields, fields, objects } from '../../../schema/json.js';
import { weightOf } from '../../../schema/weight.js';
import { answer, answered, divided, type Share, toService } from '../plan.js';
import type { MeshRequest } from '../request.js';
import { serviceOf } from '../view.js';
import type { Dialect } from './dialect.js';
import { coversPath } from './pathPrefix.js';

const HTTP_PROXY = 'HTTPProxy.projectcontour.io/v1';

/** Contour's HTTPProxy: of the routes whose conditions all hold, the one with the longest path, then the most headers. */
export const contourDialect: Dialect = {
  name: 'Contour',
  kinds: [HTTP_PROXY],
  plan: (request, view) => {
    if (serviceOf(request.host, request.namespace, view) !== undefined) return undefined;
    const proxy = view
      .objects(HTTP_PROXY)
      .find(({ spec }) => asText(fields(fields(spec)['virtualhost'])['fqdn']) === request.host);
    if (proxy === undefined) return undefined;
    const [first] = objects(fields(proxy['spec'])['routes'])
      .filter(route => conditionsOf(route).every(condition => holds(condition, request)))
      .toSorted((a, b) => pathLength(b) - pathLength(a) || conditionsOf(b).length - conditionsOf(a).length);
    return first === undefined
      ? answered(404, 'no route of the HTTPProxy matches')
      : follow(first, proxy.metadata.namespace ?? '');
  },
};

function follow(route: Fields, namespace: string) {
  const services = objects(route['services']);
  const answering = services.filter(({ mirror }) => mirror !== true);
  // Without any weight all are equal; with some, the others have none.
  const otherwise = answering.some(({ weight }) => weight !== undefined) ? 0 : 1;
  const target = ({ name }: Fields) => toService(namespace, asText(name) ?? '');
  const destinations = answering.map(service => ({
    weight: weightOf(service['weight']) ?? otherwise,
    target: target(service),
  }));
  const mirrors: readonly Share[] = services
    .filter(({ mirror }) => mirror === true)
    .map(service => ({ share: (weightOf(service['weight']) ?? 100) / 100, target: target(service) }));
  return divided(destinations, answer(503, 'no service has a weight'), mirrors);
}

function conditionsOf(route: Fields): readonly Fields[] {
  return objects(route['conditions']);
}

function pathLength(route: Fields): number {
  return Math.max(0, ...conditionsOf(route).map(({ prefix, exact }) => (asText(prefix) ?? asText(exact) ?? '').length));
}

function holds({ prefix, exact, header, ...others }: Fields, { path, headers }: MeshRequest): boolean {
  if (Object.keys(others).length > 0) return false;
  if (typeof prefix === 'string' && prefix !== '/' && !coversPath(prefix, path)) return false;
  if (typeof exact === 'string' && exact !== path) return false;
  if (header === undefined) return true;
  const wanted = fields(header);
  const given = headers[(asText(wanted['name']) ?? '').toLowerCase()];
  if (typeof wanted['exact'] === 'string') return given === wanted['exact'];
  return wanted['present'] === true && given !== undefined;
}
