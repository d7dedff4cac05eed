/** Where the objects of a state send requests to. Read object by object, so that half an answer shows as it is. */
import type { BlueGreenStrategy, Spec } from '../../src/api/spec.js';
import { isRouted, type RoutedStrategy } from '../../src/api/strategy/trafficRouting.js';
import { SERVICE } from '../../src/metacontroller/children.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import type { Observation } from '../../src/observe/observation.js';
import { routerContext } from '../../src/observe/routes.js';
import { routerFor } from '../../src/routers/routers.js';
import { REVISION_LABEL } from '../../src/schema/names.js';
import type { Cluster } from './model.js';

/** Sets, as several objects of one kind of destination may differ. */
export interface Traffic {
  readonly stable: readonly string[];
  readonly canary: readonly string[];
  /** In 0..maxWeight. */
  readonly weights: readonly number[];
  /** Header or mirror routes towards the canary. */
  readonly managed: boolean;
}

const known = new WeakMap<Cluster['children'], Traffic>();

export function trafficOf(cluster: Cluster): Traffic {
  const traffic = known.get(cluster.children) ?? read(cluster);
  known.set(cluster.children, traffic);
  return traffic;
}

function read(cluster: Cluster): Traffic {
  const { strategy } = cluster.spec;
  if (strategy.type === 'BlueGreen') return blueGreenTraffic(cluster, strategy);
  if (!isRouted(strategy)) throw new Error('only traffic that is routed can be followed');
  return routedTraffic(cluster, strategy);
}

function routedTraffic(cluster: Cluster, strategy: RoutedStrategy): Traffic {
  const { maxTrafficWeight: maxWeight, routers } = strategy.trafficRouting;
  const context = { ...routerContext(cluster as Observation, strategy), maxWeight };
  const seen = routers.map(spec => routerFor(spec).observed(spec.config, context));
  const present = seen.flatMap(each => (each.state === 'present' ? [each] : []));
  const own = (side: 'stableRevision' | 'canaryRevision') => present.flatMap(each => each[side] ?? []);
  const root = cluster.spec.service?.name ?? '';
  return {
    stable: [...selected(cluster, strategy.stableService, root), ...own('stableRevision')],
    canary: [...selected(cluster, strategy.canaryService), ...own('canaryRevision')],
    weights: present.length < seen.length ? [0, ...present.map(each => each.weight)] : present.map(each => each.weight),
    managed: present.some(each => each.managedRoutes.length > 0),
  };
}

function blueGreenTraffic(cluster: Cluster, strategy: BlueGreenStrategy): Traffic {
  const root = cluster.spec.service?.name ?? '';
  return { stable: selected(cluster, strategy.activeService, root), canary: [], weights: [0], managed: false };
}

/** A Service without a revision selects all pods: no revision is relied on. */
function selected({ children }: Cluster, ...names: readonly string[]): readonly string[] {
  return Object.values(children[SERVICE] ?? {})
    .filter(({ metadata }) => names.includes(metadata.name))
    .flatMap(service => selectorOf(service)[REVISION_LABEL] ?? []);
}

function selectorOf(service: KubeObject): Readonly<Record<string, string>> {
  return (service['spec'] as { selector: Record<string, string> }).selector;
}

export function maxWeightOf({ strategy }: Spec): number {
  return isRouted(strategy) ? strategy.trafficRouting.maxTrafficWeight : 100;
}
