import type { Json, JsonObject } from '../../schema/json.js';

/** How a list merges in server-side apply: as a map by key fields, as a set of values, or replaced whole. */
export type ListType =
  | { readonly type: 'map'; readonly keys: readonly ListKey[] }
  | { readonly type: 'set' }
  | { readonly type: 'atomic' };

interface ListKey {
  readonly field: string;
  /** What the API server fills in where the item has none. */
  readonly otherwise?: Json;
}

/** Place of a value in an object: the field names from the root; list items add nothing. */
export type FieldPath = readonly string[];

const ATOMIC: ListType = { type: 'atomic' };
const TCP: ListKey = { field: 'protocol', otherwise: 'TCP' };

const by = (...keys: readonly (ListKey | string)[]): ListType => ({
  type: 'map',
  keys: keys.map(key => (typeof key === 'string' ? { field: key } : key)),
});

/** x-kubernetes-list-type and -map-keys of metadata, which all kinds share. */
const METADATA_LISTS: Readonly<Record<string, ListType>> = { ownerReferences: by('uid'), finalizers: { type: 'set' } };

/** The same of the kinds that a StormService is made of: pod templates and Services. The rest is atomic. */
const CORE_LISTS: Readonly<Record<string, ListType>> = {
  containers: by('name'),
  initContainers: by('name'),
  ephemeralContainers: by('name'),
  env: by('name'),
  volumes: by('name'),
  volumeMounts: by('mountPath'),
  volumeDevices: by('devicePath'),
  imagePullSecrets: by('name'),
  hostAliases: by('ip'),
  topologySpreadConstraints: by('topologyKey', 'whenUnsatisfiable'),
  resourceClaims: by('name'),
  schedulingGates: by('name'),
  conditions: by('type'),
};
const CONTAINER_PORTS = by('containerPort', TCP);
const SERVICE_PORTS = by('port', TCP);

/** Objects that have one owner as a whole (x-kubernetes-map-type: atomic), by the field that holds them. */
const ATOMIC_OBJECTS: ReadonlySet<string> = new Set([
  'selector',
  'labelSelector',
  'matchLabels',
  'nodeSelector',
  'configMapKeyRef',
  'secretKeyRef',
  'fieldRef',
  'resourceFieldRef',
  'data',
]);

/** Groups whose kinds have a schema of their own in the API server; all others are custom resources: lists atomic. */
const BUILT_IN: ReadonlySet<string> = new Set(['v1', 'apps/v1']);

export function listType(apiVersion: string, path: FieldPath): ListType {
  const field = path.at(-1) ?? '';
  if (path[0] === 'metadata' && path.length === 2) return METADATA_LISTS[field] ?? ATOMIC;
  if (!BUILT_IN.has(apiVersion)) return ATOMIC;
  if (field === 'ports') return path.at(-2) === 'spec' ? SERVICE_PORTS : CONTAINER_PORTS;
  return CORE_LISTS[field] ?? ATOMIC;
}

/** Whether the object at this place is owned and replaced as a whole. An item of ownerReferences is. */
export function isAtomicObject(apiVersion: string, path: FieldPath): boolean {
  const field = path.at(-1) ?? '';
  if (path[0] === 'metadata') return field === 'ownerReferences';
  return BUILT_IN.has(apiVersion) && ATOMIC_OBJECTS.has(field);
}

/** How managedFields names an item of a list map: `k:{"name":"web"}`. Keys are sorted. */
export function itemName(item: JsonObject, keys: readonly ListKey[]): string {
  const named = keys
    .map(({ field, otherwise }) => [field, item[field] ?? otherwise ?? null] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `k:${JSON.stringify(Object.fromEntries(named))}`;
}
