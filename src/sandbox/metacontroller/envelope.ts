import { kindOf } from '../../metacontroller/children.js';
import type { DecorateRequest, ObjectMap, SyncRequest } from '../../metacontroller/hook.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { KindKey } from '../cluster/kinds.js';
import { keyOf } from '../cluster/objectKey.js';

export type HookVersion = 'v1' | 'v2';

/** Objects of the kinds given, in this order; a kind without objects is an empty group. */
export type ObjectGroups = ReadonlyMap<KindKey, readonly KubeObject[]>;

/** Body of POST /sync. */
export function syncRequest(
  controller: KubeObject,
  parent: KubeObject,
  children: ObjectGroups,
  related: ObjectGroups,
  version: HookVersion,
): SyncRequest {
  return {
    controller,
    parent,
    children: objectMap(children, parent, version),
    related: objectMap(related, parent, version),
    finalizing: false,
  };
}

/** Body of POST /decorate and /decorate-pods. */
export function decorateRequest(
  controller: KubeObject,
  object: KubeObject,
  related: ObjectGroups = new Map(),
  version: HookVersion = 'v2',
): DecorateRequest {
  return { controller, object, attachments: {}, related: objectMap(related, object, version), finalizing: false };
}

/**
 * v1 names objects relative to their parent and drops what is not in its namespace, cluster-scoped objects included; v2
 * writes the namespace out.
 */
function objectMap(groups: ObjectGroups, parent: KubeObject, version: HookVersion): ObjectMap {
  const map: Record<string, Record<string, KubeObject>> = {};
  for (const [kind, objects] of groups) {
    const group: Record<string, KubeObject> = {};
    for (const object of objects) {
      if (version === 'v2') group[keyOf(object)] = object;
      else if (object.metadata.namespace === parent.metadata.namespace) group[object.metadata.name] = object;
    }
    map[kind] = group;
  }
  return map;
}

/** Groups objects by kind; `kinds` are there even when empty. */
export function groupByKind(objects: readonly KubeObject[], kinds: readonly KindKey[] = []): ObjectGroups {
  const groups = new Map<KindKey, KubeObject[]>(kinds.map(kind => [kind, []]));
  for (const object of objects) {
    const group = groups.get(kindOf(object)) ?? [];
    group.push(object);
    groups.set(kindOf(object), group);
  }
  return groups;
}
