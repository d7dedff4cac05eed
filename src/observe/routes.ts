/** The observed state of all routers and Services, which the transition tables read. */
import type { Spec } from '../api/spec.js';
import type { RoutedStrategy } from '../api/strategy/trafficRouting.js';
import { lastWritten, objectsOf, SERVICE } from '../metacontroller/children.js';
import type { ObjectMap } from '../metacontroller/hook.js';
import type { RouterContext } from '../routers/router.js';
import { routerFor } from '../routers/routers.js';
import { foreignRoutes } from './foreignRoutes.js';
import type { Observation, ObservedObjects } from './observation.js';
import { observeSelection, type Selection } from './services.js';

/** Each destination has a list: the selection of its Service, and those of routers with their own selection. */
export interface Routes {
  readonly stable: readonly (Selection | undefined)[];
  readonly canary: readonly (Selection | undefined)[];
  /** The largest canary weight of any router. */
  readonly weight: number;
  /** All routers have that weight, and none is missing. */
  readonly agreed: boolean;
  /** Names of header and mirror routes to the canary. */
  readonly managed: readonly string[];
  /** Desired route objects that do not exist. */
  readonly missing: readonly string[];
  /** Why a router cannot work. */
  readonly refused?: string;
  /** Kinds that the CompositeController does not watch, and the component that adds them. */
  readonly unwatched: readonly { readonly kind: string; readonly component: string }[];
  /** Identifies the state, to measure how long it has lasted. */
  readonly state: string;
}

export function observeRoutes(observation: Observation, strategy: RoutedStrategy): Routes {
  const { children, spec } = observation;
  const { trafficRouting } = strategy;
  const context = { ...routerContext(observation, strategy), maxWeight: trafficRouting.maxTrafficWeight };
  const seen = trafficRouting.routers.map(spec => routerFor(spec).observed(spec.config, context));
  const present = seen.flatMap(traffic => (traffic.state === 'present' ? [traffic] : []));
  const own = (side: 'stableRevision' | 'canaryRevision') => present.flatMap(traffic => traffic[side] ?? []);
  const root = rootSelection(spec, strategy) === 'stable' ? [context.rootService] : [];
  const weight = Math.max(0, ...present.map(traffic => traffic.weight));
  const refused = present.flatMap(traffic => traffic.refused ?? [])[0];
  const routes = {
    stable: [
      ...[strategy.stableService, ...root].map(name => observeSelection(children, name)),
      ...own('stableRevision'),
    ],
    canary: [observeSelection(children, strategy.canaryService), ...own('canaryRevision')],
    weight,
    agreed: present.length === seen.length && present.every(traffic => traffic.agreed && traffic.weight === weight),
    managed: [...new Set(present.flatMap(({ managedRoutes }) => managedRoutes))].sort(),
    missing: seen.flatMap(traffic => traffic.missing ?? []),
    unwatched: trafficRouting.routers.flatMap(spec => {
      const { component, kinds } = routerFor(spec);
      return kinds(spec.config).flatMap(kind => (children[kind] ? [] : [{ kind, component }]));
    }),
  };
  return { ...routes, ...(refused !== undefined && { refused }), state: `${stateOf(routes)} ${writtenAt(children)}` };
}

/** Distinguishes a state that came back from one that never changed, even if every status in between was lost. */
function writtenAt(children: ObjectMap): string {
  return lastWritten([...objectsOf(children, SERVICE), ...foreignRoutes(children, [])]);
}

function stateOf({ stable, canary, weight, agreed, managed }: Omit<Routes, 'state'>): string {
  const selected = (selections: Routes['stable']) => selections.map(selection => selection ?? '-').join(',');
  return `${selected(stable)} ${selected(canary)} ${weight}${agreed ? '' : '?'} ${managed.join(',')}`;
}

/** The desired selection of the root Service with traffic routing. */
export function rootSelection({ service }: Spec, { trafficRouting }: RoutedStrategy): 'stable' | 'allPods' {
  const all =
    service && trafficRouting.routers.some(router => routerFor(router).rootService(router.config) === 'allPods');
  return all ? 'allPods' : 'stable';
}

export function routerContext(
  { parent, spec, children, related }: ObservedObjects,
  strategy: RoutedStrategy,
): RouterContext {
  return {
    parent: { name: parent.name, namespace: parent.namespace, uid: parent.uid },
    rootService: spec.service?.name ?? parent.name,
    stableService: strategy.stableService,
    canaryService: strategy.canaryService,
    ports: spec.service?.ports ?? [],
    managedRoutes: strategy.trafficRouting.managedRoutes,
    children,
    related,
  };
}
