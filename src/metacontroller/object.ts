import { isObject, type JsonObject } from '../schema/json.js';

/** One entry of metadata.managedFields. `time` is RFC 3339 with second precision. */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsV1?: JsonObject;
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFields[];
}

/** Any Kubernetes object, of which we only know what all of them have. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** An object as the JSON that it is on the wire. */
export function asJson(object: KubeObject): JsonObject {
  if (!isObject(object)) throw new TypeError('a Kubernetes object is a JSON object');
  return object;
}

/** Whether a value has what all Kubernetes objects have. */
export function isKubeObject(value: unknown): value is KubeObject {
  if (!isObject(value) || typeof value['apiVersion'] !== 'string' || typeof value['kind'] !== 'string') return false;
  return isObject(value['metadata']) && typeof value['metadata']['name'] === 'string';
}
