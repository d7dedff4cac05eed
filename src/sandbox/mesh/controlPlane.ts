import { REPLICA_SET, SERVICE } from '../../metacontroller/children.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { Cluster } from '../cluster/cluster.js';
import type { KindKey } from '../cluster/kinds.js';
import type { ObjectKey } from '../cluster/objectKey.js';
import type { Pod } from '../cluster/pod.js';
import type { Write } from '../cluster/store.js';
import type { Kubelet, PodEvent } from '../controllers/kubelet.js';
import type { Clock } from '../time/clock.js';
import { DIALECTS } from './dialects.js';
import type { MeshView } from './view.js';

export interface MeshSource {
  readonly cluster: Cluster;
  readonly kubelet: Kubelet;
  readonly clock: Clock;
}

/** Milliseconds of the cluster's clock that one change takes to the proxies. */
export type Propagation = () => number;

export const IMMEDIATE: Propagation = () => 0;

const KINDS: ReadonlySet<KindKey> = new Set([SERVICE, ...DIALECTS.flatMap(({ kinds }) => kinds)]);

/** Watches routes, Services and pods, and tells the proxies of every change after a while: of one change before another. */
export class ControlPlane implements MeshView {
  readonly #source: MeshSource;
  readonly #propagation: Propagation;
  readonly #objects = new Map<KindKey, Map<ObjectKey, KubeObject>>();
  readonly #ready = new Map<string, Pod>();
  readonly #stops: readonly (() => void)[];
  /** The latest change of each object and pod that has been announced: an older one that comes late is dropped. */
  readonly #latest = new Map<string, number>();
  #changes = 0;

  constructor(source: MeshSource, propagation: Propagation = IMMEDIATE) {
    this.#source = source;
    this.#propagation = propagation;
    this.#learn();
    this.#stops = [
      source.cluster.watch(write => this.#seeWrite(write)),
      source.kubelet.on(event => this.#seePod(event)),
    ];
  }

  objects(kind: KindKey): readonly KubeObject[] {
    return [...(this.#objects.get(kind)?.values() ?? [])].sort(byAge);
  }

  pods(namespace: string): readonly Pod[] {
    return [...this.#ready.values()].filter(pod => pod.namespace === namespace);
  }

  /** A pod that ends still answers until it is gone; one that broke does not. */
  answers({ namespace, name }: Pod): boolean {
    const pod = this.#source.kubelet.list(namespace).find(each => each.name === name);
    return pod !== undefined && (pod.ready || pod.phase === 'Terminating');
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  /** What is there already. */
  #learn(): void {
    const { cluster, kubelet } = this.#source;
    for (const kind of KINDS) for (const object of cluster.list(kind)) this.#store(kind, keyIn(object), object);
    const namespaces = new Set(cluster.list(REPLICA_SET).map(({ metadata }) => metadata.namespace ?? ''));
    for (const namespace of namespaces) for (const pod of kubelet.list(namespace)) this.#storePod(pod);
  }

  #seeWrite({ kind, key, after }: Write): void {
    if (KINDS.has(kind)) this.#announce(`${kind} ${key}`, () => this.#store(kind, key, after));
  }

  #seePod({ pod }: PodEvent): void {
    this.#announce(`Pod ${podKey(pod)}`, () => this.#storePod(pod));
  }

  #announce(what: string, arrive: () => void): void {
    this.#changes += 1;
    const change = this.#changes;
    const delay = this.#propagation();
    const deliver = () => {
      if ((this.#latest.get(what) ?? 0) > change) return;
      this.#latest.set(what, change);
      arrive();
    };
    if (delay <= 0) deliver();
    else this.#source.clock.schedule(delay, deliver);
  }

  #store(kind: KindKey, key: ObjectKey, object: KubeObject | undefined): void {
    const objects = this.#objects.get(kind) ?? new Map<ObjectKey, KubeObject>();
    this.#objects.set(kind, objects);
    if (object === undefined) objects.delete(key);
    else objects.set(key, object);
  }

  #storePod(pod: Pod): void {
    if (pod.ready && pod.phase === 'Running') this.#ready.set(podKey(pod), pod);
    else this.#ready.delete(podKey(pod));
  }
}

function keyIn({ metadata }: KubeObject): ObjectKey {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function podKey({ namespace, name }: Pod): string {
  return `${namespace}/${name}`;
}

/** By creation, then by name, as every dialect settles whom it prefers. */
function byAge(a: KubeObject, b: KubeObject): number {
  const [created, other] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  if (created !== other) return created < other ? -1 : 1;
  return keyIn(a) < keyIn(b) ? -1 : 1;
}
