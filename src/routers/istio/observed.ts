import { type Fields, fields, objects } from '../../schema/json.js';
import { display, findIn } from '../child.js';
import { isHeaderRoute, managedNames } from '../managedRoutes.js';
import { type ObservedRoute, observeChild, together } from '../observedTraffic.js';
import type { ObservedTraffic, ObserverContext } from '../router.js';
import { canaryShare, pairIn } from '../weights.js';
import { observedRevisions, ruleName } from './destinationRule.js';
import { type Destinations, destinationsOf, isSplitRoute, sideOf, sidesOf, splittingOf } from './hosts.js';
import type { IstioConfig } from './schema.js';
import { impliedWeight, PROTOCOLS, virtualServiceName } from './virtualService.js';

export function istioObserved(config: IstioConfig, context: ObserverContext): ObservedTraffic {
  // Subset splitting knows hosts and subsets alike: traffic goes where the object sends it, whatever is configured now.
  const destinations = destinationsOf(config, context, 'Subset');
  const route = observeChild(context, virtualServiceName(config), (object, name) => ({
    ...observeRoutes(object, destinations, context.maxWeight),
    refused: splitsNothing(config, context)
      ? `${name}: no route of its spec has the Service ${context.stableService} as destination`
      : undefined,
  }));
  const traffic = together([route]);
  return splittingOf(config) === 'Subset' ? withSubsets(traffic, config, context) : traffic;
}

function observeRoutes(object: Fields, destinations: Destinations, maxWeight: number): ObservedRoute {
  const spec = fields(object['spec']);
  const http = objects(spec['http']);
  const header = http.filter(route =>
    isHeaderRoute(
      sidesOf(route, destinations),
      objects(route['match']),
      match => Object.keys(fields(match['headers'])).length > 0,
    ),
  );
  const weighted = [...http.filter(route => !header.includes(route)), ...objects(spec['tls']), ...objects(spec['tcp'])];
  const share = (route: Fields) => {
    const side = (each: Fields) => sideOf(each['destination'], destinations);
    return canaryShare(pairIn(objects(route['route']), side, impliedWeight(route)), maxWeight);
  };
  return {
    weights: weighted.filter(route => isSplitRoute(route, destinations)).map(share),
    managedRoutes: managedNames(object, {
      header: header.length > 0,
      mirror: http.some(route => mirrorsToCanary(route, destinations)),
    }),
  };
}

function mirrorsToCanary(route: Fields, destinations: Destinations): boolean {
  const mirrors = [route['mirror'], ...objects(route['mirrors']).map(each => each['destination'])];
  return mirrors.some(each => sideOf(each, destinations) === 'canary');
}

function splitsNothing(config: IstioConfig, context: ObserverContext): boolean {
  const spec: Fields | undefined = config.virtualService.spec;
  const destinations = destinationsOf(config, context, splittingOf(config));
  return (
    spec !== undefined &&
    !PROTOCOLS.some(protocol => objects(spec[protocol]).some(route => isSplitRoute(route, destinations)))
  );
}

/** The rule carries no weight, but without it there is nothing that the subsets could select. */
function withSubsets(traffic: ObservedTraffic, config: IstioConfig, context: ObserverContext): ObservedTraffic {
  const rule = config.destinationRule && ruleName(config.destinationRule);
  if (rule === undefined) return traffic;
  if (findIn(context.children, context, rule) !== undefined) {
    return traffic.state === 'present' ? { ...traffic, ...observedRevisions(config, context) } : traffic;
  }
  const missing = [...(traffic.missing ?? []), display(context, rule)];
  return traffic.state === 'absent' ? { state: 'absent', missing } : { ...traffic, agreed: false, missing };
}
