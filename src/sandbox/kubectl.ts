import { kindOf } from '../metacontroller/children.js';
import { goJson } from '../metacontroller/goJson.js';
import { asJson, isKubeObject, type KubeObject } from '../metacontroller/object.js';
import type { Json, JsonObject } from '../schema/json.js';
import { isList, isObject } from '../schema/json.js';
import { ApiError } from './cluster/apiError.js';
import type { Cluster } from './cluster/cluster.js';
import type { KindKey } from './cluster/kinds.js';
import { applyPatch, mergePatch } from './cluster/mergePatch.js';
import { keyOf, type ObjectKey } from './cluster/objectKey.js';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** A person at the command line: writes as kubectl does, under the field managers that kubectl uses. */
export class Kubectl {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** `kubectl apply`, client-side. */
  apply(object: KubeObject): void {
    const content: KubeObject = {
      ...object,
      metadata: { ...object.metadata, annotations: object.metadata.annotations ?? {} },
    };
    const annotations = { ...content.metadata.annotations, [LAST_APPLIED]: `${goJson(asJson(content))}\n` };
    const applied: KubeObject = { ...content, metadata: { ...content.metadata, annotations } };
    const live = this.#cluster.get(kindOf(object), keyOf(object));
    if (live === undefined) {
      this.#cluster.create(applied, 'kubectl-client-side-apply');
      return;
    }
    const last: unknown = JSON.parse(live.metadata.annotations?.[LAST_APPLIED] ?? '{}');
    const patch = applyPatch(isObject(last) ? last : {}, asJson(applied));
    this.#patch(live, patch, 'kubectl-client-side-apply');
  }

  /** `kubectl annotate --overwrite`; null removes. */
  annotate(kind: KindKey, key: ObjectKey, annotation: string, value: string | null): void {
    this.#patch(this.#existing(kind, key), { metadata: { annotations: { [annotation]: value } } }, 'kubectl-annotate');
  }

  /** `kubectl patch --type=merge`. */
  patch(kind: KindKey, key: ObjectKey, patch: JsonObject): void {
    this.#patch(this.#existing(kind, key), patch, 'kubectl-patch');
  }

  /** `kubectl scale`. */
  scale(kind: KindKey, key: ObjectKey, replicas: number): void {
    this.#patch(this.#existing(kind, key), { spec: { replicas } }, 'kubectl');
  }

  /** `kubectl delete`; with `orphan` the dependents stay behind without an owner. */
  delete(kind: KindKey, key: ObjectKey, cascade: 'background' | 'orphan'): void {
    const { uid = '' } = this.#existing(kind, key).metadata;
    if (cascade === 'orphan') for (const dependent of this.#cluster.dependents(uid)) this.#release(dependent, uid);
    this.#cluster.remove(kind, key, 'kubectl-delete', uid);
  }

  #release(dependent: KubeObject, uid: string): void {
    const ownerReferences = (dependent.metadata.ownerReferences ?? []).filter(owner => owner.uid !== uid);
    const metadata = { ...dependent.metadata, ownerReferences };
    this.#cluster.update({ ...dependent, metadata }, 'kube-controller-manager');
  }

  #patch(live: KubeObject, patch: Json, by: string): void {
    const patched = mergePatch(asJson(live), patch);
    if (!isKubeObject(patched)) throw new ApiError('Invalid', `${live.kind} ${keyOf(live)} lacks kind or name`);
    this.#cluster.update(patched, by);
  }

  #existing(kind: KindKey, key: ObjectKey): KubeObject {
    const object = this.#cluster.get(kind, key);
    if (object === undefined) throw new ApiError('NotFound', `${kind} ${key} not found`);
    return object;
  }
}

/** The template with another image in every container of this name, in roles too. */
export function withImage(value: Json, container: string, image: string): Json {
  if (isList(value)) return value.map(item => withImage(item, container, image));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([field, member]) => [
    field,
    field === 'containers' && isList(member)
      ? member.map(item => (isObject(item) && item['name'] === container ? { ...item, image } : item))
      : withImage(member ?? null, container, image),
  ]);
  return Object.fromEntries(members);
}
