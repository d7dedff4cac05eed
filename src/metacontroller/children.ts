import type { ObjectMap } from './hook.js';
import type { KubeObject } from './object.js';

export const REPLICA_SET = 'ReplicaSet.apps/v1';
export const SERVICE = 'Service.v1';
export const CONTROLLER_REVISION = 'ControllerRevision.apps/v1';
export const SECRET = 'Secret.v1';

/** Objects of one kind, in the order of their names. Keys differ between hook versions, so they are not read. */
export function objectsOf(map: ObjectMap, kind: string): readonly KubeObject[] {
  return Object.values(map[kind] ?? {}).sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

export function allObjects(map: ObjectMap): readonly KubeObject[] {
  return Object.keys(map)
    .sort()
    .flatMap(kind => objectsOf(map, kind));
}

export function findObject(map: ObjectMap, kind: string, name: string): KubeObject | undefined {
  return Object.values(map[kind] ?? {}).find(object => object.metadata.name === name);
}

/** `ReplicaSet.apps/v1`: how Metacontroller groups the object. */
export function kindOf(object: Pick<KubeObject, 'apiVersion' | 'kind'>): string {
  return `${object.kind}.${object.apiVersion}`;
}

/** What every StormService is made of; any other kind of child is a route. */
export const CORE_KINDS: ReadonlySet<string> = new Set([REPLICA_SET, SERVICE, CONTROLLER_REVISION]);

/** When anything but status was last written to any of these, as the API server notes it; '' where nothing is noted. */
export function lastWritten(objects: readonly KubeObject[]): string {
  return objects
    .flatMap(({ metadata }) => metadata.managedFields ?? [])
    .reduce((last, { subresource, time = '' }) => (subresource === 'status' || time < last ? last : time), '');
}
