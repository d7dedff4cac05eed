/** What all routers and Services together carry now: the state that the transition machine reads. */
import type { Spec } from '../api/spec.js';
import type { RoutedStrategy } from '../api/strategy/trafficRouting.js';
import { lastWritten, objectsOf, SERVICE } from '../metacontroller/children.js';
import type { ObjectMap } from '../metacontroller/hook.js';
import type { RouterContext } from '../routers/router.js';
import { routerFor } from '../routers/routers.js';
import { foreignRoutes } from './foreignRoutes.js';
import type { Observation } from './observation.js';
import { observeSelection, type Selection } from './services.js';

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
