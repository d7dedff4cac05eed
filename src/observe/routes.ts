/** What all routers and Services together carry now: the state that the transition machine reads. */
import type { CanaryStrategy, Spec, TrafficRouting } from '../api/spec.js';
import { allObjects, CORE_KINDS, kindOf, lastWritten, objectsOf, SERVICE } from '../metacontroller/children.js';
import type { ObjectMap } from '../metacontroller/hook.js';
import type { KubeObject } from '../metacontroller/object.js';
import type { RouterContext, TrafficTarget } from '../routers/router.js';
import { routerFor } from '../routers/routers.js';
import type { Observation } from './observation.js';
import { observeSelection, type Selection } from './services.js';

export type RoutedStrategy = CanaryStrategy & { readonly trafficRouting: TrafficRouting };

/** Every destination has a list: its Service's selection and those of routers that select for themselves. */
export interface Routes {
  readonly stable: readonly (Selection | undefined)[];
  readonly canary: readonly (Selection | undefined)[];
  /** The largest canary weight that any router carries. */
  readonly weight: number;
  /** All routers carry that weight, none is missing. */
  readonly agreed: boolean;
  /** Names of header and mirror routes towards the canary. */
  readonly managed: readonly string[];
  /** Route objects that are wanted and do not exist. */
  readonly missing: readonly string[];
  /** Why a router cannot work as it stands. */
  readonly refused?: string;
  /** Kinds that the CompositeController does not watch, and the component that adds them. */
  readonly unwatched: readonly { readonly kind: string; readonly component: string }[];
  /** Identifies the state, for telling how long it has been so. */
  readonly state: string;
}

export function observeRoutes(observation: Observation, strategy: RoutedStrategy): Routes {
  const { children, spec } = observation;
  const { trafficRouting } = strategy;
  const context = { ...routerContext(observation, strategy), maxWeight: trafficRouting.maxTrafficWeight };
  const routers = trafficRouting.routers.map(router => ({ dialect: routerFor(router), config: router.config }));
  const seen = routers.map(({ dialect, config }) => dialect.observed(config, context));
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
    unwatched: routers.flatMap(({ dialect, config }) =>
      dialect.kinds(config).flatMap(kind => (children[kind] ? [] : [{ kind, component: dialect.component }])),
    ),
  };
  return { ...routes, ...(refused !== undefined && { refused }), state: `${stateOf(routes)} ${writtenAt(children)}` };
}

/** Tells a state that came back from one that never went away, although no status says what was in between. */
function writtenAt(children: ObjectMap): string {
  return lastWritten([...objectsOf(children, SERVICE), ...foreignRoutes(children, [])]);
}

function stateOf({ stable, canary, weight, agreed, managed }: Omit<Routes, 'state'>): string {
  const selected = (selections: Routes['stable']) => selections.map(selection => selection ?? '-').join(',');
  return `${selected(stable)} ${selected(canary)} ${weight}${agreed ? '' : '?'} ${managed.join(',')}`;
}

/** What the root Service shall select while traffic is routed. */
export function rootSelection({ service }: Spec, { trafficRouting }: RoutedStrategy): 'stable' | 'allPods' {
  const all =
    service && trafficRouting.routers.some(router => routerFor(router).rootService(router.config) === 'allPods');
  return all ? 'allPods' : 'stable';
}

export function routerContext(
  { parent, spec, children, related }: Observation,
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

/** The route objects for a target, without those that the controller does not watch: it could only lose them. */
export function renderRoutes(
  observation: Observation,
  strategy: RoutedStrategy,
  target: TrafficTarget,
): readonly KubeObject[] {
  const context = routerContext(observation, strategy);
  return strategy.trafficRouting.routers
    .flatMap(router => routerFor(router).desired(router.config, target, context))
    .filter(child => observation.children[kindOf(child)] !== undefined);
}

/**
 * Observed route objects that the present configuration does not make: of a router that was removed or renamed. As long
 * as they exist, they may still send requests to where an earlier configuration wanted them.
 */
export function foreignRoutes(children: ObjectMap, ours: readonly KubeObject[]): readonly KubeObject[] {
  const names = new Set(ours.map(child => `${kindOf(child)} ${child.metadata.name}`));
  return allObjects(children).filter(
    child => !CORE_KINDS.has(kindOf(child)) && !names.has(`${kindOf(child)} ${child.metadata.name}`),
  );
}

export function isRouted(strategy: Spec['strategy']): strategy is RoutedStrategy {
  return strategy.type === 'Canary' && strategy.trafficRouting !== undefined;
}
