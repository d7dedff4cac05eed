import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ManagedFields, ObjectMeta } from '../../metacontroller/object.js';
import type { JsonObject } from '../../schema/json.js';
import { isObject } from '../../schema/json.js';
import { unionFields } from './fieldAlgebra.js';
import { changedFields, fieldsOf, mergeTrees, pruneTree, toJson } from './fieldTree.js';
import { isWriter, ownableTree, sameOwners, trackApply, type Writer } from './managedFields.js';

/** A server-side apply with force, as Metacontroller makes it. */
export interface ApplyPatch {
  readonly live: KubeObject | undefined;
  readonly applied: KubeObject;
  readonly writer: Writer & { readonly operation: 'Apply' };
  /** What the API server fills in; these fields belong to nobody. */
  readonly defaults: (object: KubeObject) => KubeObject;
}

/**
 * The object after the apply: `applied` laid over `live`, without the fields that this manager owned, does not apply any
 * more and nobody else owns. `live` itself when nothing changes.
 *
 * Lists of pod templates and Services merge by their key fields, those of custom resources are replaced whole.
 *
 * @throws DuplicateItem when a list that merges by key has a key twice.
 */
export function serverSideApply({ live, applied, writer, defaults }: ApplyPatch): KubeObject {
  const tree = ownableTree(applied, undefined, 'refuse');
  const fields = fieldsOf(tree);
  const before = live === undefined ? undefined : ownableTree(live);
  const merged = mergeTrees(before, tree);
  const kept = unionFields(fields, ownedByOthers(live, writer));
  const pruned = pruneTree(merged, ownedBy(live, writer), kept);
  const content = toJson(pruned);
  const owners = trackApply(live, applied.apiVersion, writer, fields, changedFields(before, tree));
  const result = defaults(assemble(live ?? applied, isObject(content) ? content : {}, owners));
  return live !== undefined && isSame(live, result) ? live : result;
}

function ownedBy(live: KubeObject | undefined, writer: Writer): JsonObject {
  return live?.metadata.managedFields?.find(entry => isWriter(entry, writer))?.fieldsV1 ?? {};
}

function ownedByOthers(live: KubeObject | undefined, writer: Writer): JsonObject {
  const others = (live?.metadata.managedFields ?? []).filter(entry => !isWriter(entry, writer));
  return others.reduce<JsonObject>((all, { fieldsV1 = {} }) => unionFields(all, fieldsV1), {});
}

/** Metadata that the API server keeps comes from `base`, everything that has owners from `content`. */
function assemble(base: KubeObject, content: JsonObject, managedFields: readonly ManagedFields[]): KubeObject {
  const {
    labels: _,
    annotations: __,
    ownerReferences: ___,
    finalizers: ____,
    ...system
  } = base.metadata as ObjectMeta & {
    readonly finalizers?: readonly string[];
  };
  const { metadata, ...rest } = content;
  return {
    apiVersion: base.apiVersion,
    kind: base.kind,
    ...rest,
    ...(base['status'] !== undefined && { status: base['status'] }),
    metadata: { ...(isObject(metadata) && metadata), ...system, managedFields },
  };
}

function isSame(live: KubeObject, result: KubeObject): boolean {
  const bare = (object: KubeObject) => ({ ...object, metadata: { ...object.metadata, managedFields: [] } });
  return (
    sameOwners(live.metadata.managedFields, result.metadata.managedFields) &&
    isDeepStrictEqual(bare(live), bare(result))
  );
}
