import { REPLICA_SET } from '../../metacontroller/children.js';
import type { Hook } from '../../metacontroller/hook.js';
import type { KubeObject } from '../../metacontroller/object.js';
import { STORMSERVICE_LABEL } from '../../schema/names.js';
import type { Cluster } from '../cluster/cluster.js';
import type { Pod } from '../cluster/pod.js';
import type { Kubelet } from '../controllers/kubelet.js';
import type { Clock } from '../time/clock.js';
import { AnswerError, readDecorateAnswer } from './answer.js';
import { podDecoratorController } from './controllerObject.js';
import { changed } from './decorator.js';
import { decorateRequest, type HookVersion } from './envelope.js';
import { RelatedRules } from './relatedRules.js';
import { WorkQueue } from './workQueue.js';

export interface PodDecoratorOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly kubelet: Kubelet;
  readonly hook: () => Hook;
  readonly hookVersion: HookVersion;
  readonly watchLatency: () => number;
}

/** A DecoratorController of pods with our label: sets and removes their labels and annotations. */
export class PodDecorator {
  readonly #options: PodDecoratorOptions;
  readonly #controller: KubeObject;
  readonly #rules: RelatedRules;

  constructor(options: PodDecoratorOptions) {
    const { cluster, clock, kubelet, hookVersion: version, watchLatency } = options;
    this.#options = options;
    this.#controller = podDecoratorController(version);
    const customize = (hook: Hook) => hook.customizePod;
    this.#rules = new RelatedRules({ cluster, clock, version, controller: this.#controller, customize });
    const queue = new WorkQueue(clock, key => this.#sync(key));
    kubelet.on(({ pod }) => queue.add(keyOf(pod), watchLatency()));
    cluster.watch(({ kind, after }) => {
      if (kind !== REPLICA_SET || after === undefined) return;
      for (const pod of this.#pods(after.metadata.namespace)) {
        if (this.#rules.concerns(asObject(pod), after)) queue.add(keyOf(pod), watchLatency());
      }
    });
  }

  #pods(namespace = ''): readonly Pod[] {
    return this.#options.kubelet.list(namespace).filter(({ labels }) => labels[STORMSERVICE_LABEL] !== undefined);
  }

  async #sync(key: string): Promise<void> {
    const { hook, hookVersion: version, kubelet } = this.#options;
    const [namespace, name] = key.split('/');
    const pod = this.#pods(namespace).find(each => each.name === name);
    if (pod === undefined) return;
    const object = asObject(pod);
    const rules = await this.#rules.rulesOf(object, hook());
    const related = this.#rules.list(rules, object, 0);
    const request = decorateRequest(this.#controller, object, related, version);
    const answer = readDecorateAnswer(await hook().decoratePod(request), version);
    if (answer.attachments.length > 0) throw new AnswerError('decorate: the controller has no attachments');
    const labels = changed(pod.labels, answer.labels ?? {});
    const annotations = changed(pod.annotations, answer.annotations);
    if (labels === undefined && annotations === undefined) return;
    kubelet.relabel(pod, { labels: labels ?? pod.labels, annotations: annotations ?? pod.annotations });
  }
}

function keyOf({ namespace, name }: Pod): string {
  return `${namespace}/${name}`;
}

/** As the API server has it. */
function asObject({ name, namespace, replicaSet, replicaSetUid, labels, annotations, spec }: Pod): KubeObject {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: replicaSet, uid: replicaSetUid, controller: true };
  const uid = `${replicaSetUid}/${name}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, uid, generation: 1, labels, annotations, ownerReferences: [owner] },
    spec,
  };
}
