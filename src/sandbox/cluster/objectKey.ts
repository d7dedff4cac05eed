import type { KubeObject } from '../../metacontroller/object.js';

/** `<namespace>/<name>`, or `<name>` of a cluster-scoped object. */
export type ObjectKey = string;

export function keyOf({ metadata }: KubeObject): ObjectKey {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

export function namespaceOf(key: ObjectKey): string | undefined {
  return key.includes('/') ? key.slice(0, key.indexOf('/')) : undefined;
}
