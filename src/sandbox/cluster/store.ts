import { kindOf } from '../../metacontroller/children.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { KindKey } from './kinds.js';
import { type Labels, matchesLabels } from './labels.js';
import { keyOf, namespaceOf, type ObjectKey } from './objectKey.js';

export type Verb = 'create' | 'update' | 'apply' | 'status' | 'delete';

/** One change of one object. `before` is absent when it was created, `after` when it was deleted. */
export interface Write {
  readonly verb: Verb;
  /** Field manager: `metacontroller`, `kubectl-annotate`, `kube-controller-manager`… */
  readonly by: string;
  readonly kind: KindKey;
  readonly key: ObjectKey;
  readonly before?: KubeObject;
  readonly after?: KubeObject;
}

export interface ObjectFilter {
  readonly namespace?: string;
  readonly labels?: Labels;
}

type Objects = ReadonlyMap<ObjectKey, KubeObject>;

/** How many changes of one kind can be undone for a stale view. */
const HISTORY = 64;

/** All objects of the cluster, each of them frozen, and what changed lately. */
export class Store {
  readonly #objects = new Map<KindKey, Map<ObjectKey, KubeObject>>();
  readonly #uids = new Map<string, KubeObject>();
  readonly #recent = new Map<KindKey, Write[]>();
  readonly #watchers = new Set<(write: Write) => void>();
  #revision = 0;

  nextRevision(): string {
    this.#revision += 1;
    return String(this.#revision);
  }

  get(kind: KindKey, key: ObjectKey): KubeObject | undefined {
    return this.#objects.get(kind)?.get(key);
  }

  byUid(uid: string): KubeObject | undefined {
    return this.#uids.get(uid);
  }

  all(): readonly KubeObject[] {
    return [...this.#uids.values()];
  }

  list(kind: KindKey, filter: ObjectFilter = {}): readonly KubeObject[] {
    return select(this.#objects.get(kind) ?? new Map(), filter);
  }

  /** The objects of a kind as they were so many changes ago. */
  listEarlier(kind: KindKey, changesAgo: number, filter: ObjectFilter = {}): readonly KubeObject[] {
    const objects = new Map(this.#objects.get(kind));
    const undone = changesAgo > 0 ? (this.#recent.get(kind) ?? []).slice(-changesAgo) : [];
    for (const { key, before } of undone.reverse()) {
      if (before === undefined) objects.delete(key);
      else objects.set(key, before);
    }
    return select(objects, filter);
  }

  /** Stores what the write leaves and tells the watchers. */
  commit(write: Omit<Write, 'kind' | 'key'>): void {
    const object = write.after ?? write.before;
    if (object === undefined) return;
    const [kind, key] = [kindOf(object), keyOf(object)];
    const objects = this.#objects.get(kind) ?? new Map<ObjectKey, KubeObject>();
    this.#objects.set(kind, objects);
    if (write.before?.metadata.uid !== undefined) this.#uids.delete(write.before.metadata.uid);
    if (write.after === undefined) objects.delete(key);
    else {
      objects.set(key, write.after);
      this.#uids.set(write.after.metadata.uid ?? '', write.after);
    }
    const complete: Write = { ...write, kind, key };
    this.#remember(complete);
    for (const watcher of this.#watchers) watcher(complete);
  }

  watch(watcher: (write: Write) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #remember(write: Write): void {
    const recent = this.#recent.get(write.kind) ?? [];
    recent.push(write);
    if (recent.length > HISTORY) recent.shift();
    this.#recent.set(write.kind, recent);
  }
}

function select(objects: Objects, { namespace, labels = {} }: ObjectFilter): readonly KubeObject[] {
  const selected: KubeObject[] = [];
  for (const [key, object] of objects) {
    if (namespace !== undefined && namespaceOf(key) !== namespace) continue;
    if (matchesLabels(object.metadata.labels, labels)) selected.push(object);
  }
  return selected;
}
