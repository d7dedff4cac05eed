import { isDeepStrictEqual } from 'node:util';
import { kindOf } from '../../metacontroller/children.js';
import type { KubeObject, ObjectMeta } from '../../metacontroller/object.js';
import { toRfc3339 } from '../../schema/instant.js';
import { type Random, randomUid } from '../random.js';
import type { Clock } from '../time/clock.js';
import { ApiError } from './apiError.js';
import { withDefaults } from './defaults.js';
import { DuplicateItem } from './fieldTree.js';
import { Discovery, type KindDefinition, type KindKey } from './kinds.js';
import { trackUpdate } from './managedFields.js';
import { keyOf, type ObjectKey } from './objectKey.js';
import { serverSideApply } from './serverSideApply.js';
import { type ObjectFilter, Store, type Verb, type Write } from './store.js';
import { validate } from './validation.js';

/** A further check of what is stored, such as a CRD's schema. Returns the object with its defaults, or throws. */
export type Admission = (object: KubeObject) => KubeObject;

export interface ClusterOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly kinds: readonly KindDefinition[];
  readonly admission?: Admission;
}

/** The API server: stores objects, fills in what it fills in, refuses what it refuses, and tells who watches. */
export class Cluster {
  readonly discovery: Discovery;
  readonly #store = new Store();
  readonly #options: ClusterOptions;
  #serviceIps = 0;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.discovery = new Discovery(options.kinds);
  }

  get(kind: KindKey, key: ObjectKey): KubeObject | undefined {
    return this.#store.get(kind, key);
  }

  byUid(uid: string): KubeObject | undefined {
    return this.#store.byUid(uid);
  }

  list(kind: KindKey, filter?: ObjectFilter): readonly KubeObject[] {
    return this.#store.list(kind, filter);
  }

  /** As a cache would list it that is so many changes of this kind behind. */
  listEarlier(kind: KindKey, changesAgo: number, filter?: ObjectFilter): readonly KubeObject[] {
    return this.#store.listEarlier(kind, changesAgo, filter);
  }

  dependents(uid: string): readonly KubeObject[] {
    return this.#store.all().filter(({ metadata }) => metadata.ownerReferences?.some(owner => owner.uid === uid));
  }

  watch(watcher: (write: Write) => void): () => void {
    return this.#store.watch(watcher);
  }

  /** @throws ApiError AlreadyExists, Invalid, NoKind. */
  create(object: KubeObject, by: string): KubeObject {
    if (this.#live(object) !== undefined)
      throw new ApiError('AlreadyExists', `${kindOf(object)} ${keyOf(object)} exists`);
    const { status: _, ...fresh } = object;
    const stored = this.#admit(this.#identified(fresh as KubeObject), undefined);
    return this.#commit('create', by, undefined, this.#owned(undefined, stored, by));
  }

  /**
   * Replaces all but status. A resourceVersion in the object must be the stored one.
   *
   * @throws ApiError Conflict, Invalid, NotFound.
   */
  update(object: KubeObject, by: string): KubeObject {
    const live = this.#expected(object);
    const next = this.#admit({ ...object, status: live['status'], metadata: keepSystem(live, object.metadata) }, live);
    if (isDeepStrictEqual(bare(live), bare(next))) return live;
    return this.#commit('update', by, live, this.#owned(live, this.#counted(live, next), by));
  }

  /** Replaces status and nothing else. @throws ApiError Conflict, NotFound. */
  updateStatus(object: KubeObject, by: string): KubeObject {
    const live = this.#expected(object);
    const next = wire({ ...live, status: object['status'] });
    if (isDeepStrictEqual(live, next)) return live;
    return this.#commit('status', by, live, this.#owned(live, next, by, 'status'));
  }

  /** Server-side apply with force: creates or merges. The stored object itself when nothing changes. */
  apply(object: KubeObject, by: string): KubeObject {
    const live = this.#live(object);
    const merged = this.#merge(live, wire(live === undefined ? this.#identified(object) : object), by);
    if (merged === live) return live;
    const admitted = this.#admit(merged, live);
    return this.#commit('apply', by, live, live === undefined ? admitted : this.#counted(live, admitted));
  }

  /** @throws ApiError NotFound; Conflict when the stored object has another uid. */
  remove(kind: KindKey, key: ObjectKey, by: string, uid?: string): void {
    const live = this.#store.get(kind, key);
    if (live === undefined) throw new ApiError('NotFound', `${kind} ${key} not found`);
    if (uid !== undefined && uid !== live.metadata.uid)
      throw new ApiError('Conflict', `${kind} ${key} has another uid`);
    this.#store.commit({ verb: 'delete', by, before: live });
  }

  #merge(live: KubeObject | undefined, applied: KubeObject, by: string): KubeObject {
    const writer = { manager: by, operation: 'Apply', time: this.#time() } as const;
    const defaults = (stored: KubeObject) => withDefaults(stored, () => this.#nextServiceIp());
    try {
      return serverSideApply({ live, applied, writer, defaults });
    } catch (error) {
      if (error instanceof DuplicateItem)
        throw new ApiError('Invalid', `${applied.kind} ${keyOf(applied)} is invalid: ${error.message}`);
      throw error;
    }
  }

  #live(object: KubeObject): KubeObject | undefined {
    this.discovery.kind(kindOf(object));
    return this.#store.get(kindOf(object), keyOf(object));
  }

  #expected(object: KubeObject): KubeObject {
    const live = this.#live(object);
    if (live === undefined) throw new ApiError('NotFound', `${kindOf(object)} ${keyOf(object)} not found`);
    const { uid = live.metadata.uid, resourceVersion = live.metadata.resourceVersion } = object.metadata;
    if (uid !== live.metadata.uid || resourceVersion !== live.metadata.resourceVersion) {
      throw new ApiError('Conflict', `${kindOf(object)} ${keyOf(object)} has been modified`);
    }
    return live;
  }

  /** A new object with what the API server gives it on creation. */
  #identified(object: KubeObject): KubeObject {
    const { namespaced, generation } = this.discovery.kind(kindOf(object));
    if (namespaced !== (object.metadata.namespace !== undefined)) {
      throw new ApiError(
        'Invalid',
        `${keyOf(object)}: ${object.kind} is ${namespaced ? 'namespaced' : 'cluster-scoped'}`,
      );
    }
    const { uid: _, resourceVersion: __, generation: ___, managedFields: ____, ...metadata } = object.metadata;
    const system = { uid: randomUid(this.#options.random), creationTimestamp: this.#time() };
    return { ...object, metadata: { ...metadata, ...system, ...(generation && { generation: 1 }) } };
  }

  #admit(object: KubeObject, before: KubeObject | undefined): KubeObject {
    const admitted = this.#options.admission?.(wire(object)) ?? wire(object);
    const complete = withDefaults(admitted, () => this.#nextServiceIp());
    validate(complete, before);
    return complete;
  }

  /** Generation counts changes of everything but metadata and status. */
  #counted(live: KubeObject, next: KubeObject): KubeObject {
    const { generation } = live.metadata;
    if (generation === undefined || isDeepStrictEqual(content(live), content(next))) return next;
    return { ...next, metadata: { ...next.metadata, generation: generation + 1 } };
  }

  #owned(live: KubeObject | undefined, next: KubeObject, by: string, subresource?: string): KubeObject {
    const writer = { manager: by, operation: 'Update', time: this.#time() } as const;
    const managedFields = trackUpdate(live, next, subresource === undefined ? writer : { ...writer, subresource });
    return { ...next, metadata: { ...next.metadata, managedFields } };
  }

  #commit(verb: Verb, by: string, before: KubeObject | undefined, after: KubeObject): KubeObject {
    const stored = frozen({ ...after, metadata: { ...after.metadata, resourceVersion: this.#store.nextRevision() } });
    this.#store.commit({ verb, by, ...(before && { before }), after: stored });
    return stored;
  }

  #time(): string {
    return toRfc3339(this.#options.clock.now());
  }

  #nextServiceIp(): string {
    this.#serviceIps += 1;
    return `10.96.${(this.#serviceIps >> 8) & 255}.${this.#serviceIps & 255}`;
  }
}

function keepSystem(live: KubeObject, metadata: ObjectMeta): ObjectMeta {
  const { uid, creationTimestamp, generation, resourceVersion, managedFields } = live.metadata;
  const { generation: _, ...rest } = metadata;
  return {
    ...rest,
    ...(uid !== undefined && { uid }),
    ...(creationTimestamp !== undefined && { creationTimestamp }),
    ...(generation !== undefined && { generation }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(managedFields !== undefined && { managedFields }),
  };
}

function bare(object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, managedFields: [] } };
}

function content(object: KubeObject): Readonly<Record<string, unknown>> {
  const { metadata: _, status: __, ...rest } = object;
  return rest;
}

/** What is left after JSON: no undefined, no prototypes, nothing shared with the caller. */
function wire<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) frozen(member);
  }
  return value;
}
