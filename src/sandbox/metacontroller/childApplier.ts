import { kindOf } from '../../metacontroller/children.js';
import { goJson } from '../../metacontroller/goJson.js';
import type { ApplyStrategy } from '../../metacontroller/hook.js';
import { asJson, type KubeObject } from '../../metacontroller/object.js';
import { LAST_APPLIED_ANNOTATION } from '../../metacontroller/unchanged.js';
import { keyOf } from '../cluster/objectKey.js';
import { ownerReference } from './claim.js';
import type { Client } from './client.js';
import { dynamicCreate, dynamicUpdate } from './dynamicApply.js';

/** What the controller's manifest says about a kind of child: its childUpdateStrategy. */
export type UpdateMethod = 'InPlace' | 'OnDelete' | 'Recreate';

export interface ApplyOperation {
  readonly client: Client;
  readonly parent: KubeObject;
  readonly observed: KubeObject | undefined;
  readonly desired: KubeObject;
  readonly method: UpdateMethod;
}

/** Brings one child to what the hook wants. Throws ApiError and MergeError. */
export interface ChildApplier {
  apply(operation: ApplyOperation): void;
  /** Forgets what it remembers, as a restarted process does. */
  clear(): void;
}

export function childApplier(strategy: ApplyStrategy): ChildApplier {
  switch (strategy) {
    case 'dynamic-apply':
      return new DynamicApplier();
    case 'server-side-apply':
      return new ServerSideApplier();
  }
}

/** Compares by itself and sends whole objects. */
class DynamicApplier implements ChildApplier {
  apply({ client, parent, observed, desired, method }: ApplyOperation): void {
    if (observed === undefined) {
      client.create(withOwner(dynamicCreate(desired), parent));
      return;
    }
    const updated = dynamicUpdate(observed, desired);
    if (updated === undefined || method === 'OnDelete') return;
    if (method === 'Recreate') client.remove(observed);
    else client.update(updated);
  }

  clear(): void {}
}

interface Applied {
  readonly desired: string;
  readonly uid: string | undefined;
  readonly version: string | number | undefined;
}

/** Lets the API server merge, and remembers what it sent: the same for an object of the same generation is not sent. */
class ServerSideApplier implements ChildApplier {
  readonly #applied = new Map<string, Applied>();

  apply({ client, parent, observed, desired, method }: ApplyOperation): void {
    const wanted = sanitized(withOwner(desired, parent));
    const text = goJson(asJson(wanted));
    const place = `${kindOf(wanted)}/${keyOf(wanted)}`;
    if (observed !== undefined) {
      if (this.#isSettled(place, text, observed)) return;
      if (method === 'OnDelete') {
        this.#remember(place, text, observed);
        return;
      }
      if (method === 'Recreate') {
        client.remove(observed);
        this.#applied.delete(place);
        return;
      }
      dropAnnotation(client, observed);
    }
    this.#remember(place, text, client.apply(wanted));
  }

  clear(): void {
    this.#applied.clear();
  }

  #isSettled(place: string, desired: string, observed: KubeObject): boolean {
    const last = this.#applied.get(place);
    return (
      last !== undefined &&
      last.desired === desired &&
      last.uid === observed.metadata.uid &&
      last.version === versionOf(observed)
    );
  }

  #remember(place: string, desired: string, object: KubeObject): void {
    this.#applied.set(place, { desired, uid: object.metadata.uid, version: versionOf(object) });
  }
}

/** After a change of strategy: what dynamic apply has noted would go stale. */
function dropAnnotation(client: Client, observed: KubeObject): void {
  const live = client.get(observed);
  if (live?.metadata.annotations?.[LAST_APPLIED_ANNOTATION] === undefined) return;
  const { [LAST_APPLIED_ANNOTATION]: _, ...annotations } = live.metadata.annotations;
  client.update({ ...live, metadata: { ...live.metadata, annotations } });
}

/** Kinds without a generation are compared by resourceVersion. */
function versionOf({ metadata }: KubeObject): string | number | undefined {
  return metadata.generation ?? metadata.resourceVersion;
}

function withOwner(object: KubeObject, parent: KubeObject): KubeObject {
  const owners = object.metadata.ownerReferences ?? [];
  if (owners.some(({ uid }) => uid === parent.metadata.uid)) return object;
  return { ...object, metadata: { ...object.metadata, ownerReferences: [...owners, ownerReference(parent)] } };
}

function sanitized(object: KubeObject): KubeObject {
  const { status: _, ...content } = object;
  const {
    uid: __,
    resourceVersion: ___,
    generation: ____,
    creationTimestamp,
    deletionTimestamp,
    managedFields,
    ...kept
  } = object.metadata;
  const { [LAST_APPLIED_ANNOTATION]: _____, ...annotations } = kept.annotations ?? {};
  return { ...content, metadata: { ...kept, ...(kept.annotations && { annotations }) } } as KubeObject;
}
