import { isDeepStrictEqual } from 'node:util';
import type { FieldSet } from '../../metacontroller/fieldSet.js';
import { asJson, type KubeObject, type ManagedFields } from '../../metacontroller/object.js';
import type { JsonObject } from '../../schema/json.js';
import { isObject } from '../../schema/json.js';
import { isEmpty, unionFields, withoutFields } from './fieldAlgebra.js';
import { changedFields, type Duplicates, type FieldTree, fieldsOf, toTree } from './fieldTree.js';

/** Who writes, as metadata.managedFields tells writers apart. `time` is RFC 3339. */
export interface Writer {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource?: string;
  readonly time: string;
}

/** metadata that belongs to nobody, because the API server writes it. */
const UNOWNED = new Set([
  'name',
  'namespace',
  'uid',
  'generation',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'selfLink',
  'managedFields',
]);

/** The part of an object that has owners: all of it in a status write is status, nothing of it otherwise. */
export function ownableTree(object: KubeObject, subresource?: string, duplicates?: Duplicates): FieldTree {
  const { apiVersion: _, kind: __, metadata, status, ...content } = asJson(object);
  if (subresource === 'status') return toTree(object.apiVersion, isObject(status) ? { status } : {});
  const owned = Object.fromEntries(
    Object.entries(isObject(metadata) ? metadata : {}).filter(([field]) => !UNOWNED.has(field)),
  );
  const labelled: JsonObject = isEmpty(owned) ? content : { metadata: owned, ...content };
  return toTree(object.apiVersion, labelled, duplicates);
}

/** managedFields after an update or patch: changed fields belong to the writer alone, removed ones to nobody. */
export function trackUpdate(
  before: KubeObject | undefined,
  after: KubeObject,
  writer: Writer,
): readonly ManagedFields[] {
  const entries = before?.metadata.managedFields ?? [];
  const old = before === undefined ? undefined : ownableTree(before, writer.subresource);
  const tree = ownableTree(after, writer.subresource);
  const changed = changedFields(old, tree);
  const removed = old === undefined ? {} : withoutFields(fieldsOf(old), fieldsOf(tree));
  if (isEmpty(changed) && isEmpty(removed)) return entries;
  const mine = entries.find(entry => isWriter(entry, writer))?.fieldsV1 ?? {};
  const owned = withoutFields(unionFields(mine, changed), removed);
  return withOwner(entries, after.apiVersion, writer, owned, unionFields(changed, removed));
}

/** managedFields after a server-side apply: exactly `fields` belong to the writer, `changed` of them to it alone. */
export function trackApply(
  live: KubeObject | undefined,
  apiVersion: string,
  writer: Writer,
  fields: FieldSet,
  changed: FieldSet,
): readonly ManagedFields[] {
  const entries = live?.metadata.managedFields ?? [];
  return withOwner(entries, apiVersion, writer, fields, changed);
}

export function isWriter(entry: ManagedFields, { manager, operation, subresource }: Omit<Writer, 'time'>): boolean {
  return entry.manager === manager && entry.operation === operation && entry.subresource === subresource;
}

/** managedFields without what differs between two writes of the same: the time. */
export function sameOwners(a: readonly ManagedFields[] = [], b: readonly ManagedFields[] = []): boolean {
  const timeless = (entries: readonly ManagedFields[]) => entries.map(({ time: _, ...entry }) => entry);
  return isDeepStrictEqual(timeless(a), timeless(b));
}

/** The entries with `owned` as the writer's, in its old place; all others lose `lost`, and go when nothing is left. */
function withOwner(
  entries: readonly ManagedFields[],
  apiVersion: string,
  writer: Writer,
  owned: FieldSet,
  lost: FieldSet,
): readonly ManagedFields[] {
  const { manager, operation, subresource, time } = writer;
  const entry = { apiVersion, fieldsType: 'FieldsV1', fieldsV1: owned, manager, operation, time };
  const mine = subresource === undefined ? entry : { ...entry, subresource };
  const rest = entries.map(other => (isWriter(other, writer) ? mine : disown(other, lost)));
  const all = entries.some(other => isWriter(other, writer)) ? rest : [...rest, mine];
  return all.filter(({ fieldsV1 = {} }) => !isEmpty(fieldsV1));
}

function disown(entry: ManagedFields, lost: FieldSet): ManagedFields {
  return { ...entry, fieldsV1: withoutFields(entry.fieldsV1 ?? {}, lost) };
}
