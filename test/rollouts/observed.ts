/**
 * One sync of a rollout, midway: what the cluster shows is written down, the rest is as a rollout has it that began a
 * minute ago. Light: neither a sandbox nor the hook.
 */
import { isRouted, type RoutedStrategy } from '../../src/api/strategy/trafficRouting.js';
import { SERVICE } from '../../src/metacontroller/children.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { countPods } from '../../src/observe/counts.js';
import { type Observation, observe } from '../../src/observe/observation.js';
import { observeRoutes, routerContext } from '../../src/observe/routes.js';
import { type RoutedContext, withRoutes } from '../../src/rollout/canary/routed/routedContext.js';
import { stepsHash } from '../../src/rollout/position.js';
import { setupHash } from '../../src/rollout/setup.js';
import { type Decision, step } from '../../src/rollout/step.js';
import { desiredRoutes } from '../../src/routers/routers.js';
import { hash } from '../../src/schema/hash.js';
import { present } from '../../src/schema/json.js';
import { REVISION_LABEL } from '../../src/schema/names.js';
import { type ObservedStatus, readStatus } from '../../src/status/status.js';
import { read } from '../api/read.js';
import { container, type Raw, spec, template } from '../api/specs.js';
import { asMap, HEADER } from '../traffic/cases.js';

export const T = Date.UTC(2026, 0, 1);
/** A minute before T: since then the rollout has been as it is. */
export const BEFORE = T - 60_000;

/** The revisions that there may be: `old` is stable, `new` is the one of the template. */
export type Age = 'older' | 'old' | 'new';
const IMAGES: Readonly<Record<Age, string>> = { older: 'app:0', old: 'app:1', new: 'app:2' };
const templateOf = (age: Age): Raw => template({ containers: [container({ image: IMAGES[age] })] });
const hashOf = (age: Age): string => hash(read(spec({ template: templateOf(age) })).template);
export const HASH: Readonly<Record<Age, string>> = {
  older: hashOf('older'),
  old: hashOf('old'),
  new: hashOf('new'),
};

/** What a status may not know. */
type Unknown = 'stableRevision' | 'setupHash';

export interface Cluster {
  readonly strategy: Raw;
  /** 4 unless given. */
  readonly replicas?: number;
  /** Other fields of the spec. */
  readonly patch?: Raw;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Desired and available pods. */
  readonly pods?: Partial<Readonly<Record<Age, readonly [spec: number, available: number]>>>;
  /** Numbers of the ControllerRevisions. */
  readonly records?: Partial<Readonly<Record<Age, number>>>;
  /** The revision that each Service selects; '*': all pods. */
  readonly selects?: Readonly<Record<string, Age | '*'>>;
  /** The canary weight of the routes; with `testers` also a header route to the canary. None: they do not exist. */
  readonly route?: { readonly weight: number; readonly testers?: boolean };
  /** Since when the routes are as they are. */
  readonly routeSince?: number;
  /** What status says otherwise than that `old` is stable and `new` is rolled out. */
  readonly memory?: Partial<Omit<ObservedStatus, Unknown>> & { readonly [K in Unknown]?: string | undefined };
  readonly related?: readonly KubeObject[];
  /** Objects of another configuration. */
  readonly others?: readonly KubeObject[];
}

const KINDS = ['VirtualService.networking.istio.io/v1', SERVICE];
export const ROUTING = { istio: {}, managedRoutes: [{ name: 'testers' }] };

export function observed(cluster: Cluster): Observation {
  const { strategy, replicas = 4, patch = {}, annotations = {}, route, others = [], related = [] } = cluster;
  const raw = spec({ replicas, rolloutStrategy: strategy, template: templateOf('new'), ...patch });
  const parent: KubeObject = {
    apiVersion: 'orchestration.aibrix.io/v1alpha1',
    kind: 'StormService',
    metadata: { name: 'my-app', namespace: 'default', uid: 'u', annotations },
  };
  const children = [...podsOf(cluster), ...recordsOf(cluster), ...servicesOf(cluster), ...others];
  const bare = observe({ parent, children: asMap(children, KINDS), related: asMap(related) }, read(raw));
  const routed = isRouted(bare.spec.strategy) ? bare.spec.strategy : undefined;
  const routes = routed && route ? routesOf(bare, routed, route) : [];
  const all = { ...bare, children: asMap([...children, ...routes], KINDS) };
  return { ...all, memory: memoryOf(all, routed, cluster) };
}

function memoryOf(observation: Observation, routed: RoutedStrategy | undefined, cluster: Cluster): ObservedStatus {
  const { routeSince = BEFORE, memory } = cluster;
  return present({
    ...readStatus({}),
    lost: false,
    counts: countPods(observation),
    stableRevision: HASH.old,
    updatedRevision: HASH.new,
    setupHash: setupHash(observation),
    stepsHash: stepsHash(observation.spec),
    ...(routed && { routeSeen: { state: observeRoutes(observation, routed).state, since: routeSince } }),
    ...memory,
  });
}

function routesOf(
  observation: Observation,
  strategy: RoutedStrategy,
  { weight, testers }: NonNullable<Cluster['route']>,
) {
  const { routers, maxTrafficWeight: maxWeight } = strategy.trafficRouting;
  const target = {
    weight,
    maxWeight,
    routes: testers ? [HEADER] : [],
    stableRevision: HASH.old,
    canaryRevision: HASH.new,
  };
  return desiredRoutes(routers, target, routerContext(observation, strategy));
}

const labelled = (age: Age) => ({ namespace: 'default', labels: { [REVISION_LABEL]: HASH[age] } });
const entries = <T>(ages: Partial<Readonly<Record<Age, T>>>) => Object.entries(ages) as [Age, T][];

function podsOf({ pods = {} }: Cluster): readonly KubeObject[] {
  return entries(pods).map(([age, [replicas, available]]) => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: `my-app-${age}`, ...labelled(age) },
    spec: { replicas },
    status: { replicas, readyReplicas: available, availableReplicas: available },
  }));
}

function recordsOf({ records = {} }: Cluster): readonly KubeObject[] {
  return entries(records).map(([age, revision]) => ({
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: { name: `my-app-${age}`, ...labelled(age) },
    data: { template: JSON.stringify(templateOf(age)) },
    revision,
  }));
}

function servicesOf({ selects = {} }: Cluster): readonly KubeObject[] {
  return Object.entries(selects).map(([name, age]) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: { selector: { app: 'my-app', ...(age !== '*' && { [REVISION_LABEL]: HASH[age] }) } },
  }));
}

/** The decision of a sync at T, which has its context. */
export function decided(cluster: Cluster, now = T): Decision {
  return step(observed(cluster), now);
}

/** A canary by traffic routing whose Services and routes carry `weight` to the new revision. */
export function routedCluster(weight: number, canary: Raw, other: Partial<Cluster> = {}): Cluster {
  return {
    strategy: { canary: { trafficRouting: ROUTING, ...canary } },
    pods: { old: [4, 4], new: [4, 4] },
    selects: { 'my-app': 'old', 'my-app-stable': 'old', 'my-app-canary': 'new' },
    route: { weight },
    ...other,
  };
}

export function routedContext(cluster: Cluster, now = T): RoutedContext {
  const decision = decided(cluster, now);
  const { strategy } = decision.observation.spec;
  if (!isRouted(strategy)) throw new Error('the cluster has no traffic routing');
  return withRoutes(decision, strategy);
}
