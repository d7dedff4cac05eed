import { asText, type Fields, fields, objects } from '../../schema/json.js';
import { isHeaderRoute, managedNames } from '../managedRoutes.js';
import { type ObservedRoute, observeChild, together } from '../observedTraffic.js';
import type { ObservedTraffic, ObserverContext } from '../router.js';
import { canaryShare, pairIn } from '../weights.js';
import { routeName, specOf } from './desired.js';
import { backendSide, isSplitRule } from './rules.js';
import { type GatewayApiConfig, type RouteConfig, routesOf } from './schema.js';

export function gatewayObserved(config: GatewayApiConfig, context: ObserverContext): ObservedTraffic {
  const routes = routesOf(config).map(({ kind, route }) =>
    observeChild(context, routeName(kind, route), (object, name) => ({
      ...observeRules(object, context),
      refused: splitsNothing(route, context)
        ? `${name}: no rule of its spec has the Service ${context.stableService} as backendRef`
        : refusal(object, name),
    })),
  );
  return together(routes);
}

function splitsNothing(route: RouteConfig, context: ObserverContext): boolean {
  return !objects(specOf(route, context)['rules']).some(rule => isSplitRule(rule, context));
}

function observeRules(object: Fields, context: ObserverContext): ObservedRoute {
  const rules = objects(fields(object['spec'])['rules']);
  const header = rules.filter(({ backendRefs, matches }) =>
    isHeaderRoute(
      objects(backendRefs).map(each => backendSide(each, context)),
      objects(matches),
      match => objects(match['headers']).length > 0,
    ),
  );
  const weighted = rules.filter(rule => isSplitRule(rule, context) && !header.includes(rule));
  return {
    weights: weighted.map(({ backendRefs }) =>
      canaryShare(
        pairIn(objects(backendRefs), each => backendSide(each, context), 1),
        context.maxWeight,
      ),
    ),
    managedRoutes: managedNames(object, {
      header: header.length > 0,
      mirror: rules.some(rule => mirrorsToCanary(rule, context)),
    }),
  };
}

function mirrorsToCanary(rule: Fields, context: ObserverContext): boolean {
  return objects(rule['filters']).some(filter => {
    const { backendRef } = fields(filter['requestMirror']);
    return backendSide(fields(backendRef), context) === 'canary';
  });
}

/** Conditions whose False means that the route, or part of it, is not in force. */
const REFUSING = ['Accepted', 'ResolvedRefs'];

/** What a controller says against this generation. One that writes no status says nothing. */
function refusal(object: Fields, name: string): string | undefined {
  const generation = fields(object['metadata'])['generation'];
  const against = objects(fields(object['status'])['parents'])
    .flatMap(parent => objects(parent['conditions']))
    .find(
      ({ type, status, observedGeneration = generation }) =>
        REFUSING.includes(asText(type) ?? '') && status === 'False' && observedGeneration === generation,
    );
  if (against === undefined) return undefined;
  const { type, reason, message } = against;
  const why = [asText(reason), asText(message)].filter(part => part !== undefined && part !== '').join(': ');
  return `${name}: ${asText(type)} is False${why === '' ? '' : ` (${why})`}`;
}
