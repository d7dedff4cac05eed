import { isDeepStrictEqual } from 'node:util';
import { REPLICA_SET } from '../../metacontroller/children.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { JsonObject } from '../../schema/json.js';
import { isObject } from '../../schema/json.js';
import type { Cluster } from '../cluster/cluster.js';
import type { Labels } from '../cluster/labels.js';
import type { ObjectKey } from '../cluster/objectKey.js';
import { byRemoval, type Pod } from '../cluster/pod.js';
import { WorkQueue } from '../metacontroller/workQueue.js';
import { type Random, randomName } from '../random.js';
import type { Clock } from '../time/clock.js';
import type { Kubelet } from './kubelet.js';

const MANAGER = 'kube-controller-manager';
const LATENCY_MS = 10;

export interface ReplicaSetOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly random: Random;
  readonly kubelet: Kubelet;
}

/** The ReplicaSet controller: creates and ends pods, and reports them in status. */
export class ReplicaSets {
  readonly #options: ReplicaSetOptions;

  constructor(options: ReplicaSetOptions) {
    this.#options = options;
    const queue = new WorkQueue(options.clock, async key => this.#reconcile(key));
    options.cluster.watch(({ kind, key, verb }) => {
      if (kind === REPLICA_SET && verb !== 'status') queue.add(key, LATENCY_MS);
    });
    options.kubelet.on(({ pod }) => queue.add(`${pod.namespace}/${pod.replicaSet}`, LATENCY_MS));
  }

  #reconcile(key: ObjectKey): void {
    const { cluster, kubelet } = this.#options;
    const replicaSet = cluster.get(REPLICA_SET, key);
    const pods = this.#podsOf(key);
    const uid = replicaSet?.metadata.uid;
    for (const pod of pods) if (pod.replicaSetUid !== uid) kubelet.end(pod);
    if (replicaSet === undefined) return;
    const active = pods.filter(pod => pod.phase !== 'Terminating' && pod.replicaSetUid === uid);
    const wanted = numberIn(objectOf(replicaSet['spec']), 'replicas');
    for (const pod of [...active].sort(byRemoval).slice(0, Math.max(0, active.length - wanted))) kubelet.end(pod);
    for (let missing = wanted - active.length; missing > 0; missing -= 1) this.#create(replicaSet);
    this.#report(replicaSet, this.#podsOf(key));
  }

  #podsOf(key: ObjectKey): readonly Pod[] {
    const [namespace = '', name] = key.split('/');
    return this.#options.kubelet.list(namespace).filter(({ replicaSet }) => replicaSet === name);
  }

  #create(replicaSet: KubeObject): void {
    const { kubelet, random, clock } = this.#options;
    const spec = objectOf(replicaSet['spec']);
    const template = objectOf(spec['template']);
    const { name, namespace = '', uid = '' } = replicaSet.metadata;
    const pod: Pod = {
      name: `${name}-${randomName(random, 5)}`,
      namespace,
      replicaSet: name,
      replicaSetUid: uid,
      labels: objectOf(objectOf(template['metadata'])['labels']) as Labels,
      annotations: objectOf(objectOf(template['metadata'])['annotations']) as Labels,
      spec: objectOf(template['spec']),
      phase: 'Pending',
      ready: false,
      available: false,
      restarts: 0,
      createdAt: clock.now(),
    };
    kubelet.start(pod, numberIn(spec, 'minReadySeconds'));
  }

  #report(replicaSet: KubeObject, pods: readonly Pod[]): void {
    const { cluster } = this.#options;
    const active = pods.filter(({ phase }) => phase !== 'Terminating');
    const ready = active.filter(pod => pod.ready).length;
    const available = active.filter(pod => pod.available).length;
    const status = {
      ...(available > 0 && { availableReplicas: available }),
      ...(active.length > 0 && { fullyLabeledReplicas: active.length }),
      observedGeneration: replicaSet.metadata.generation,
      ...(ready > 0 && { readyReplicas: ready }),
      replicas: active.length,
      terminatingReplicas: pods.length - active.length,
    };
    if (!isDeepStrictEqual(replicaSet['status'], status)) cluster.updateStatus({ ...replicaSet, status }, MANAGER);
  }
}

/** Available pods that a Service selects: where its traffic goes. A Service without a selector has none. */
export function podsBehind(service: KubeObject | undefined, kubelet: Kubelet): readonly Pod[] {
  const selector = objectOf(objectOf(service?.['spec'])['selector']) as Labels;
  if (service === undefined || Object.keys(selector).length === 0) return [];
  const { namespace = '' } = service.metadata;
  return kubelet.list(namespace, selector).filter(pod => pod.ready && pod.phase === 'Running');
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function numberIn(object: JsonObject, field: string): number {
  const value = object[field];
  return typeof value === 'number' ? value : 0;
}
