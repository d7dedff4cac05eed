import type { KubeObject } from '../../metacontroller/object.js';
import { routeChild } from '../child.js';
import { managedAnnotation, routesInForce } from '../managedRoutes.js';
import type { RouterContext, TrafficTarget } from '../router.js';
import { observedRevisions, ruleName, ruleSpec } from './destinationRule.js';
import { destinationsOf, splittingOf } from './hosts.js';
import type { IstioConfig } from './schema.js';
import { virtualServiceName, virtualServiceSpec } from './virtualService.js';

export function istioDesired(
  config: IstioConfig,
  target: TrafficTarget,
  context: RouterContext,
): readonly KubeObject[] {
  const { destinationRule } = config;
  const rule = destinationRule && {
    ...ruleName(destinationRule),
    spec: ruleSpec(config, context.rootService, target),
  };
  const routes = routesInForce(target, context);
  // A subset that does not exist yet answers 503: until the rule is seen, the two Services carry the same traffic.
  const splitting = splittingOf(config) === 'Subset' && subsetsSeen(config, context) ? 'Subset' : 'Host';
  const destinations = destinationsOf(config, context, splitting);
  const virtualService = {
    ...virtualServiceName(config),
    annotations: managedAnnotation(routes),
    spec: virtualServiceSpec(config, { destinations, target, routes }),
  };
  return [...(rule ? [rule] : []), virtualService].map(route => routeChild(context, route));
}

function subsetsSeen(config: IstioConfig, context: RouterContext): boolean {
  const { stableRevision, canaryRevision } = observedRevisions(config, context);
  return stableRevision !== undefined && canaryRevision !== undefined;
}
