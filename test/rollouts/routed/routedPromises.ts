/**
 * What a canary with traffic routing promises, checked at every write to a sandbox. What was changed less than
 * settleSeconds ago may still be in effect somewhere, so the checks hold for every mix of before and after.
 */
import { isDeepStrictEqual } from 'node:util';
import { readSpec } from '../../../src/api/readSpec.js';
import type { Spec } from '../../../src/api/spec.js';
import { isRouted, type RoutedStrategy } from '../../../src/api/strategy/trafficRouting.js';
import { REPLICA_SET } from '../../../src/metacontroller/children.js';
import type { KubeObject } from '../../../src/metacontroller/object.js';
import { FIELD_MANAGER } from '../../../src/metacontroller/unchanged.js';
import { podsToCarry } from '../../../src/rollout/canary/routed/replicas.js';
import { STORM_SERVICE } from '../../../src/sandbox/cluster/kinds.js';
import type { Write } from '../../../src/sandbox/cluster/store.js';
import { controllerOf } from '../../../src/sandbox/metacontroller/claim.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { hash } from '../../../src/schema/hash.js';
import { REVISION_LABEL } from '../../../src/schema/names.js';
import { largestShares, merged, sameTraffic } from '../../model/ghost.js';
import { type Traffic, trafficOf } from '../../model/traffic.js';
import { gatesOpenedBy } from '../gatesOpened.js';

interface Pods {
  readonly spec: number;
  readonly available: number;
}

const NO_PODS: Pods = { spec: 0, available: 0 };

interface Moment {
  readonly traffic: Traffic;
  readonly pods: ReadonlyMap<string, Pods>;
}

/** Each breach in words, once. */
export function watchRouted(sandbox: Sandbox, kinds: readonly string[]): { readonly broken: readonly string[] } {
  const watch = new RoutedWatch(sandbox, kinds);
  sandbox.cluster.watch(write => watch.look(write));
  sandbox.on(event => {
    if (event.type === 'sync' && event.sync.failure === undefined) watch.compare(event.sync.answer?.children ?? []);
  });
  return watch;
}

class RoutedWatch {
  readonly #sandbox: Sandbox;
  readonly #kinds: readonly string[];
  readonly #broken = new Set<string>();
  #before: Moment | undefined;
  #recent: readonly { readonly until: number; readonly traffic: Traffic }[] = [];
  #passed = 0;
  #target = '';

  constructor(sandbox: Sandbox, kinds: readonly string[]) {
    this.#sandbox = sandbox;
    this.#kinds = ['Service.v1', REPLICA_SET, ...kinds];
  }

  get broken(): readonly string[] {
    return [...this.#broken];
  }

  /** What was returned is what the cluster has. */
  compare(children: readonly KubeObject[]): void {
    for (const child of children) {
      const { name } = child.metadata;
      const live = this.#sandbox.cluster.get(`${child.kind}.${child.apiVersion}`, `default/${name}`);
      if (!includes(live, child)) this.#broken.add(`${child.kind} ${name} is not as desired: ${JSON.stringify(live)}`);
    }
  }

  look(write: Write): void {
    const parent = this.#sandbox.cluster.get(STORM_SERVICE, 'default/my-app');
    if (parent === undefined) return;
    const spec = specOf(parent);
    if (spec === undefined || !isRouted(spec.strategy)) return;
    const target = hash(spec.template);
    if (target !== this.#target) [this.#target, this.#passed] = [target, 0];
    if (write.kind === STORM_SERVICE) this.#passed += gatesOpenedBy(write);
    const is = this.#moment(spec);
    const was = this.#before ?? is;
    const now = this.#sandbox.clock.now();
    const lasting = this.#recent.filter(({ until }) => now < until).map(({ traffic }) => traffic);
    const had = [...lasting, was.traffic].reduce(merged);
    const has = merged(had, is.traffic);
    if (write.by === FIELD_MANAGER && !isDeepStrictEqual(was, is)) {
      this.#exposure(parent, spec.strategy, was.traffic, is.traffic);
      this.#blackHoles(parent, spec, spec.strategy, { ...was, traffic: had }, { ...is, traffic: has });
      this.#costs(spec.replicas, was, is);
    }
    if (!sameTraffic(was.traffic, is.traffic)) {
      const until = now + spec.strategy.trafficRouting.settleSeconds * 1000;
      this.#recent = [...this.#recent.filter(each => now < each.until), { until, traffic: was.traffic }];
    }
    this.#before = is;
  }

  #moment(spec: Spec): Moment {
    const { cluster } = this.#sandbox;
    const children: Record<string, Record<string, KubeObject>> = {};
    const related: Record<string, Record<string, KubeObject>> = {};
    for (const kind of this.#kinds) {
      for (const object of cluster.list(kind)) {
        const map = controllerOf(object) === undefined ? related : children;
        map[kind] = { ...map[kind], [`default/${object.metadata.name}`]: object };
      }
    }
    const parent = { name: 'my-app', namespace: 'default', uid: '', generation: 1, annotations: {}, managedFields: [] };
    return { traffic: trafficOf({ parent, spec, children, related }), pods: podsOf(cluster.list(REPLICA_SET)) };
  }

  /** P1 and P4. */
  #exposure(parent: KubeObject, strategy: RoutedStrategy, was: Traffic, is: Traffic): void {
    const { stableRevision = '' } = rolloutOf(parent);
    const safe = new Set([stableRevision, ...was.stable]);
    if (stableRevision === '') return;
    const allowed = this.#allowed(strategy);
    const before = Math.max(0, ...was.weights);
    const after = Math.max(0, ...is.weights);
    const shown = is.canary.filter(revision => !safe.has(revision));
    if (shown.length > 0 && after > allowed.weight && (after > before || !was.canary.includes(shown[0] ?? '')))
      this.#tell(`P1: weight ${after} for ${shown}, ${allowed.weight} is allowed`);
    const promoted = is.stable.filter(revision => !safe.has(revision));
    if (promoted.length > 0 && !allowed.promotion) this.#tell(`P4: the stable destination selects ${promoted}`);
  }

  /** P2. Before the first promotion nobody is served. */
  #blackHoles(parent: KubeObject, { replicas: r }: Spec, strategy: RoutedStrategy, had: Moment, has: Moment): void {
    const { currentStepIndex: step = 0, updatedRevision, stableRevision } = rolloutOf(parent);
    if (stableRevision === undefined) return;
    const scale = { r, maxWeight: strategy.trafficRouting.maxTrafficWeight, minPods: 1 };
    const sharesBefore = largestShares(had.traffic, scale.maxWeight);
    for (const [revision, share] of largestShares(has.traffic, scale.maxWeight)) {
      // A canary scale of the steps' own speaks for the canary alone.
      const own = revision === updatedRevision && !has.traffic.stable.includes(revision);
      const needed = podsToCarry(own ? strategy.steps : [], step, share, scale);
      const [before, after] = [had, has].map(({ pods }) => pods.get(revision) ?? NO_PODS) as [Pods, Pods];
      if (share > (sharesBefore.get(revision) ?? 0) && after.available < needed)
        this.#tell(`P2: ${revision} is given ${share} with ${after.available} of ${needed} pods`);
      if (after.spec < before.spec && after.spec < needed)
        this.#tell(`P2: ${revision} has ${share} and shrinks to ${after.spec} of ${needed} pods`);
    }
  }

  /** P3. */
  #costs(r: number, had: Moment, has: Moment): void {
    for (const [revision, { spec }] of has.pods) {
      if (spec > r && spec > (had.pods.get(revision)?.spec ?? 0))
        this.#tell(`P3: ${revision} grows to ${spec} of ${r}`);
    }
  }

  /** The largest weight before the first gate that nobody has let pass. */
  #allowed({ steps, trafficRouting }: RoutedStrategy): { readonly weight: number; readonly promotion: boolean } {
    const gates = steps.flatMap((step, i) => (step.action === 'pause' && step.seconds === null ? [i] : []));
    const gate = gates[this.#passed];
    if (gate === undefined) return { weight: trafficRouting.maxTrafficWeight, promotion: true };
    const weights = steps.slice(0, gate).flatMap(step => (step.action === 'setWeight' ? [step.weight] : []));
    return { weight: Math.max(0, ...weights), promotion: false };
  }

  #tell(what: string): void {
    this.#broken.add(`${what} at ${new Date(this.#sandbox.clock.now()).toISOString()}`);
  }
}

function rolloutOf(parent: KubeObject) {
  const status = parent['status'] as
    | { rolloutStatus?: { stableRevision?: string; updatedRevision?: string; currentStepIndex?: number } }
    | undefined;
  return status?.rolloutStatus ?? {};
}

const specs = new Map<string, Spec | undefined>();

function specOf(parent: KubeObject): Spec | undefined {
  const text = JSON.stringify(parent['spec']);
  if (!specs.has(text)) {
    const read = readSpec(parent['spec'], { name: 'my-app', namespace: 'default', applyStrategy: 'dynamic-apply' });
    specs.set(text, read.ok ? read.value : undefined);
  }
  return specs.get(text);
}

function podsOf(replicaSets: readonly KubeObject[]): ReadonlyMap<string, Pods> {
  return new Map(
    replicaSets.map(set => {
      const { replicas } = set['spec'] as { replicas: number };
      const { availableReplicas = 0 } = (set['status'] ?? {}) as { availableReplicas?: number };
      const available = Math.min(replicas, availableReplicas);
      return [set.metadata.labels?.[REVISION_LABEL] ?? '', { spec: replicas, available }];
    }),
  );
}

/** Everything that `wanted` says stands in `actual`; lists are the same, item by item. */
function includes(actual: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return actual === wanted;
  if (typeof actual !== 'object' || actual === null) return false;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(actual) || actual.length !== wanted.length) return false;
    return wanted.every((item, i) => includes(actual[i], item));
  }
  const fields = actual as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).every(([key, value]) => value === undefined || includes(fields[key], value));
}
