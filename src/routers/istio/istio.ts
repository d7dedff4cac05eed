import { type Fields, objects } from '../../schema/json.js';
import type { Problem } from '../../schema/problem.js';
import { display, findIn, routeChild } from '../child.js';
import { managedAnnotation, routesInForce } from '../managedRoutes.js';
import type { ObservedTraffic, RouteRefusal, Router, RouterContext, TrafficTarget } from '../router.js';
import { together } from '../weights.js';
import { type IstioConfig, splittingOf, subsetsOf } from './config.js';
import { observedRevisions, renderDestinationRule } from './destinationRule.js';
import type { Mesh } from './hosts.js';
import { observeVirtualService } from './observed.js';
import { istioProblems } from './problems.js';
import { namesStable, narrowed, PROTOCOLS, renderVirtualService } from './virtualService.js';

const API_VERSION = 'networking.istio.io/v1';
const VIRTUAL_SERVICE = 'VirtualService';
const DESTINATION_RULE = 'DestinationRule';

export const istio: Router<IstioConfig> = {
  name: 'istio',
  component: 'istio',
  lacks: [],

  kinds: ({ destinationRule }) =>
    [VIRTUAL_SERVICE, ...(destinationRule ? [DESTINATION_RULE] : [])].map(kind => `${kind}.${API_VERSION}`),

  problems: (config, path): readonly Problem[] => istioProblems(config, path),

  refusals: (config, routes): readonly RouteRefusal[] => {
    const http = config.virtualService?.spec === undefined ? [{}] : objects(config.virtualService.spec['http']);
    const reason = 'none of its matches can reach an http route of virtualService.spec';
    const inForce = routes.filter(({ match }) => match.length > 0);
    return inForce.flatMap(route =>
      http.some(each => narrowed(each, route).length > 0) ? [] : [{ route: route.name, reason }],
    );
  },

  rootService: config => (splittingOf(config) === 'Subset' ? 'allPods' : 'stable'),

  related: () => [],

  desired: (config, target, context) => {
    const rule = config.destinationRule && destinationRule(config, target, context);
    // A subset that does not exist yet answers 503: until the rule is seen, the two Services carry the same traffic.
    const splitting = splittingOf(config) === 'Subset' && subsetsSeen(config, context) ? 'Subset' : 'Host';
    const route = virtualService(config, target, { context, splitting, subsets: subsetsOf(config) });
    return rule === undefined ? [route] : [rule, route];
  },

  observed: (config, context): ObservedTraffic => {
    const name = config.virtualService?.name ?? context.parent.name;
    const object = findIn(context.children, context, { apiVersion: API_VERSION, kind: VIRTUAL_SERVICE, name });
    const shown = display(context, VIRTUAL_SERVICE, name);
    const mesh: Mesh = { context, splitting: 'Subset', subsets: subsetsOf(config) };
    const route = observeVirtualService(object, shown, mesh, context.maxWeight);
    const nothing = splitsNothing(config, { ...mesh, splitting: splittingOf(config) })
      ? `${shown}: no route of its spec has the Service ${context.stableService} as destination`
      : undefined;
    const traffic = together([route.found ? { ...route, refused: nothing } : route]);
    return splittingOf(config) === 'Subset' ? withSubsets(traffic, config, context) : traffic;
  },
};

function virtualService(config: IstioConfig, target: TrafficTarget, mesh: Mesh) {
  const { context } = mesh;
  const routes = routesInForce(target, context);
  const spec: Fields = config.virtualService?.spec ?? defaultSpec(config, context);
  return routeChild(context, {
    apiVersion: API_VERSION,
    kind: VIRTUAL_SERVICE,
    name: config.virtualService?.name ?? context.parent.name,
    annotations: managedAnnotation(routes),
    spec: renderVirtualService(spec, { mesh, target, routes }),
  });
}

/** With several ports each has a route of its own: Istio cannot guess the port of a destination that has many. */
function defaultSpec({ virtualService: own }: IstioConfig, context: RouterContext): Fields {
  const destination = { host: context.stableService };
  const http =
    context.ports.length > 1
      ? context.ports.map(({ port }) => ({
          match: [{ port }],
          route: [{ destination: { ...destination, port: { number: port } } }],
        }))
      : [{ route: [{ destination }] }];
  return { hosts: own?.hosts ?? [context.rootService], ...(own?.gateways && { gateways: own.gateways }), http };
}

function destinationRule(config: IstioConfig, target: TrafficTarget, context: RouterContext) {
  return routeChild(context, {
    apiVersion: API_VERSION,
    kind: DESTINATION_RULE,
    name: config.destinationRule?.name ?? context.parent.name,
    spec: renderDestinationRule(config.destinationRule?.spec ?? {}, context.rootService, subsetsOf(config), target),
  });
}

function observedRule(config: IstioConfig, context: RouterContext): Fields | undefined {
  const name = config.destinationRule?.name ?? context.parent.name;
  return findIn(context.children, context, { apiVersion: API_VERSION, kind: DESTINATION_RULE, name });
}

function subsetsSeen(config: IstioConfig, context: RouterContext): boolean {
  const { stableRevision, canaryRevision } = observedRevisions(observedRule(config, context), subsetsOf(config));
  return stableRevision !== undefined && canaryRevision !== undefined;
}

function splitsNothing({ virtualService: own }: IstioConfig, mesh: Mesh): boolean {
  const spec = own?.spec;
  return (
    spec !== undefined && !PROTOCOLS.some(protocol => objects(spec[protocol]).some(route => namesStable(route, mesh)))
  );
}

/** The rule carries no weight, but without it there is nothing that the subsets could select. */
function withSubsets(traffic: ObservedTraffic, config: IstioConfig, context: RouterContext): ObservedTraffic {
  const rule = observedRule(config, context);
  if (rule !== undefined && traffic.state === 'present')
    return { ...traffic, ...observedRevisions(rule, subsetsOf(config)) };
  if (rule !== undefined) return traffic;
  const name = display(context, DESTINATION_RULE, config.destinationRule?.name ?? context.parent.name);
  const missing = [...(traffic.missing ?? []), name];
  return traffic.state === 'absent' ? { state: 'absent', missing } : { ...traffic, agreed: false, missing };
}
