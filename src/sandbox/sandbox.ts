import { CONTROLLER_REVISION, REPLICA_SET, SERVICE } from '../metacontroller/children.js';
import type { ApplyStrategy, Hook } from '../metacontroller/hook.js';
import type { KubeObject } from '../metacontroller/object.js';
import { isObject, type JsonObject } from '../schema/json.js';
import { STEERING_ANNOTATIONS } from '../schema/names.js';
import { type Admission, Cluster } from './cluster/cluster.js';
import { KINDS, type KindDefinition, type KindKey, STORM_SERVICE } from './cluster/kinds.js';
import type { Labels } from './cluster/labels.js';
import type { ObjectKey } from './cluster/objectKey.js';
import { fateByImage, type Pod, type PodFates } from './cluster/pod.js';
import { collectGarbage } from './controllers/garbageCollector.js';
import { Kubelet } from './controllers/kubelet.js';
import { podsBehind, ReplicaSets } from './controllers/replicaSets.js';
import { type Faults, noFaults } from './faults.js';
import { Kubectl, withImage } from './kubectl.js';
import type { ChildKind } from './metacontroller/controllerObject.js';
import { Decorator } from './metacontroller/decorator.js';
import type { HookVersion } from './metacontroller/envelope.js';
import { Metacontroller } from './metacontroller/metacontroller.js';
import { PodDecorator } from './metacontroller/podDecorator.js';
import { type Random, seededRandom } from './random.js';
import { type SandboxEvent, SandboxLog } from './sandboxLog.js';
import type { Name, TestCluster } from './testCluster.js';
import type { Clock, Until } from './time/clock.js';
import { VirtualClock } from './time/virtualClock.js';
import { WriteCounter } from './writeCounter.js';

export interface SandboxOptions {
  /** What is called for every sync: the hook itself, or a client of one that listens elsewhere. */
  readonly hook: Hook;
  /** What takes its place when the hook is restarted: by default the same again. */
  readonly restartHook?: () => Hook;
  /** Virtual by default. */
  readonly clock?: Clock;
  /** Decides random order, names and latencies. */
  readonly seed?: number;
  readonly applyStrategy?: ApplyStrategy;
  readonly hookVersion?: HookVersion;
  /** Whether DecoratorControllers run too, one for each annotation; absent: those of the product. */
  readonly decorators?: readonly string[];
  /** Of the StormServices: then only a change of spec, labels or annotations causes a sync. Default true. */
  readonly ignoreStatusChanges?: boolean;
  /** Whether a DecoratorController of pods runs too: metacontroller/components/pod-metadata. Default: no. */
  readonly podDecorator?: boolean;
  readonly childKinds?: readonly ChildKind[];
  /** Kinds that the cluster has. */
  readonly kinds?: readonly KindDefinition[];
  /** Schema validation and defaults of custom resources. */
  readonly admission?: Admission;
  /** How long a healthy pod takes to get ready. */
  readonly startupSeconds?: number;
  readonly terminationSeconds?: number;
  /** Which pods get ready and which do not; by default as `fateByImage` says. */
  readonly fates?: PodFates;
  readonly faults?: Faults;
}

/** Services, ReplicaSets and ControllerRevisions: what every StormService needs. Routers add theirs. */
export const CORE_CHILDREN: readonly ChildKind[] = [
  { kind: SERVICE, method: 'InPlace' },
  { kind: REPLICA_SET, method: 'InPlace' },
  { kind: CONTROLLER_REVISION, method: 'OnDelete' },
];

const DEFAULT_WAIT_SECONDS = 600;

/** A cluster in memory with Metacontroller, a ReplicaSet controller and a kubelet. */
export class Sandbox implements TestCluster {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly kubelet: Kubelet;
  readonly metacontroller: Metacontroller;
  readonly writes: WriteCounter;
  readonly log: SandboxLog;
  readonly #kubectl: Kubectl;

  constructor(options: SandboxOptions) {
    const { hook, hookVersion = 'v2', decorators = STEERING_ANNOTATIONS, applyStrategy = 'dynamic-apply' } = options;
    const random = seededRandom(options.seed ?? 1);
    const clock = options.clock ?? new VirtualClock();
    const watchLatency = latencies(random);
    this.clock = clock;
    this.cluster = new Cluster({
      clock,
      random,
      kinds: options.kinds ?? KINDS,
      ...(options.admission && { admission: options.admission }),
    });
    const { cluster } = this;
    this.kubelet = new Kubelet({
      clock,
      fates: options.fates ?? fateByImage(options.startupSeconds ?? 2),
      terminationSeconds: options.terminationSeconds ?? 1,
    });
    this.log = new SandboxLog(clock, cluster, this.kubelet);
    this.writes = new WriteCounter(cluster);
    this.#kubectl = new Kubectl(cluster);
    new ReplicaSets({ cluster, clock, random, kubelet: this.kubelet });
    collectGarbage(cluster, clock);
    this.metacontroller = new Metacontroller({
      cluster,
      clock,
      random,
      hook,
      restartHook: options.restartHook ?? (() => hook),
      applyStrategy,
      hookVersion,
      childKinds: options.childKinds ?? CORE_CHILDREN,
      ignoreStatusChanges: options.ignoreStatusChanges ?? true,
      faults: options.faults ?? noFaults,
      watchLatency,
      report: sync => this.log.add({ type: 'sync', at: clock.now(), sync }),
    });
    for (const annotation of decorators) {
      new Decorator({
        cluster,
        clock,
        hook: () => this.metacontroller.hook,
        hookVersion,
        annotation,
        watchLatency,
      });
    }
    if (options.podDecorator) {
      const { cluster, kubelet } = this;
      new PodDecorator({ cluster, clock, kubelet, hook: () => this.metacontroller.hook, hookVersion, watchLatency });
    }
  }

  async apply(object: KubeObject): Promise<void> {
    this.#kubectl.apply(object);
  }

  async annotate(stormService: Name, annotation: string, value: string | null): Promise<void> {
    this.#kubectl.annotate(STORM_SERVICE, keyOfName(stormService), annotation, value);
  }

  async patch(stormService: Name, patch: JsonObject): Promise<void> {
    this.#kubectl.patch(STORM_SERVICE, keyOfName(stormService), patch);
  }

  async setImage(stormService: Name, container: string, image: string): Promise<void> {
    const spec = this.cluster.get(STORM_SERVICE, keyOfName(stormService))?.['spec'];
    if (!isObject(spec)) throw new Error(`there is no StormService ${stormService}`);
    const { template, roles } = spec;
    await this.patch(stormService, {
      spec: {
        ...(template !== undefined && { template: withImage(template, container, image) }),
        ...(roles !== undefined && { roles: withImage(roles, container, image) }),
      },
    });
  }

  async scale(stormService: Name, replicas: number): Promise<void> {
    this.#kubectl.scale(STORM_SERVICE, keyOfName(stormService), replicas);
  }

  async delete(kind: KindKey, name: Name, cascade: 'background' | 'orphan' = 'background'): Promise<void> {
    this.#kubectl.delete(kind, this.#key(kind, name), cascade);
  }

  async get(kind: KindKey, name: Name): Promise<KubeObject | undefined> {
    return this.cluster.get(kind, this.#key(kind, name));
  }

  async list(kind: KindKey, labels: Labels = {}, namespace = 'default'): Promise<readonly KubeObject[]> {
    const { namespaced } = this.cluster.discovery.kind(kind);
    return this.cluster.list(kind, namespaced ? { labels, namespace } : { labels });
  }

  async pods(labels: Labels = {}, namespace = 'default'): Promise<readonly Pod[]> {
    return this.kubelet.list(namespace, labels).filter(({ phase }) => phase !== 'Terminating');
  }

  async endpoints(service: Name): Promise<readonly Pod[]> {
    return podsBehind(this.cluster.get(SERVICE, keyOfName(service)), this.kubelet);
  }

  async eventually(what: string, holds: () => Promise<boolean>, withinSeconds = DEFAULT_WAIT_SECONDS): Promise<void> {
    if (await this.runUntil(holds, withinSeconds)) return;
    throw new Error(`${what}: not within ${withinSeconds} s. ${this.log.summary()}`);
  }

  async always(what: string, holds: () => Promise<boolean>, forSeconds: number): Promise<void> {
    const broken = await this.runUntil(async () => !(await holds()), forSeconds);
    if (broken) throw new Error(`${what}: not any more. ${this.log.summary()}`);
  }

  /** Whether the condition came to hold within so many seconds of the sandbox's clock. Asked after every event. */
  runUntil(condition: Until, withinSeconds: number): Promise<boolean> {
    return this.clock.run(condition, withinSeconds * 1000);
  }

  async advance(seconds: number): Promise<void> {
    await this.clock.run(() => false, seconds * 1000);
  }

  /** Everything that happens, as it happens. Returns the way to stop listening. */
  on(listener: (event: SandboxEvent) => void): () => void {
    return this.log.on(listener);
  }

  async close(): Promise<void> {
    this.clock.stop();
  }

  #key(kind: KindKey, name: Name): ObjectKey {
    return this.cluster.discovery.kind(kind).namespaced ? keyOfName(name) : name;
  }
}

/** A cluster in memory, ready to use: see `SandboxOptions`. */
export function createSandbox(options: SandboxOptions): Sandbox {
  return new Sandbox(options);
}

function keyOfName(name: Name): ObjectKey {
  return name.includes('/') ? name : `default/${name}`;
}

/** An event takes 10 to 30 ms to a controller, so that two controllers hear of it in either order. */
function latencies(random: Random): () => number {
  return () => 10 + 20 * random();
}
