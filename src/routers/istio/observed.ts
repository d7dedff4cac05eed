import { type Fields, fields, objects } from '../../schema/json.js';
import { weightOf } from '../../schema/weight.js';
import { managedNames } from '../managedRoutes.js';
import { canaryShare, type ObservedObject, type Pair } from '../weights.js';
import { type Mesh, sideOf } from './hosts.js';

/**
 * What an observed VirtualService carries. `mesh` is that of Subset splitting, which knows hosts and subsets alike:
 * traffic goes where the object sends it, whatever the configuration says now.
 */
export function observeVirtualService(
  object: Fields | undefined,
  name: string,
  mesh: Mesh,
  maxWeight: number,
): ObservedObject {
  if (object === undefined) return { name, found: false };
  const spec = fields(object['spec']);
  const http = objects(spec['http']);
  const header = http.filter(route => isHeaderRoute(route, mesh));
  const weighted = [...http.filter(route => !header.includes(route)), ...objects(spec['tls']), ...objects(spec['tcp'])];
  return {
    name,
    found: true,
    weights: weighted.flatMap(route => {
      const pair = pairIn(route, mesh);
      return pair === undefined ? [] : [canaryShare(pair, maxWeight)];
    }),
    managedRoutes: managedNames(object, {
      header: header.length > 0,
      mirror: http.some(route => mirrorsToCanary(route, mesh)),
    }),
  };
}

function pairIn(route: Fields, mesh: Mesh): Pair | undefined {
  const destinations = objects(route['route']);
  const implied = destinations.length === 1 ? 1 : 0;
  const total = (wanted: 'stable' | 'canary') => {
    const found = destinations.filter(each => sideOf(each['destination'], mesh) === wanted);
    return found.length === 0 ? undefined : found.reduce((sum, each) => sum + (weightOf(each['weight']) ?? implied), 0);
  };
  const stable = total('stable');
  const canary = total('canary');
  return stable === undefined && canary === undefined ? undefined : { stable: stable ?? 0, canary: canary ?? 0 };
}

/** Canary alone, and only for requests with certain headers. Without such a match it is weight, however it came to be. */
function isHeaderRoute(route: Fields, mesh: Mesh): boolean {
  const match = objects(route['match']);
  const sides = objects(route['route']).map(each => sideOf(each['destination'], mesh));
  return (
    sides.includes('canary') &&
    !sides.includes('stable') &&
    match.length > 0 &&
    match.every(each => Object.keys(fields(each['headers'])).length > 0)
  );
}

function mirrorsToCanary(route: Fields, mesh: Mesh): boolean {
  const mirrors = [route['mirror'], ...objects(route['mirrors']).map(each => each['destination'])];
  return mirrors.some(each => sideOf(each, mesh) === 'canary');
}
