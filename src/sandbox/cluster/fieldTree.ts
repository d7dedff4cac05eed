import { isDeepStrictEqual } from 'node:util';
import type { FieldSet } from '../../metacontroller/fieldSet.js';
import type { Json } from '../../schema/json.js';
import { isList, isObject } from '../../schema/json.js';
import { isMember } from './fieldAlgebra.js';
import { type FieldPath, isAtomicObject, itemName, listType } from './listSchema.js';

/**
 * A value the way field ownership sees it: `leaf` has one owner, an object or list has one for each child. Children are
 * named as in FieldsV1 (`f:spec`, `k:{"name":"web"}`, `v:"x"`) and keep their order.
 */
export type FieldTree =
  | { readonly shape: 'leaf'; readonly value: Json }
  | { readonly shape: 'object' | 'list'; readonly children: ReadonlyMap<string, FieldTree> };

/** Two items of a list map have the same key: server-side apply refuses to apply such a list. */
export class DuplicateItem extends Error {
  override readonly name = 'DuplicateItem';
}

/** What to do with a list map whose keys repeat: a stored one is handled as a whole, an applied one is refused. */
export type Duplicates = 'atomic' | 'refuse';

/** @throws DuplicateItem */
export function toTree(
  apiVersion: string,
  value: Json,
  duplicates: Duplicates = 'atomic',
  path: FieldPath = [],
): FieldTree {
  if (isList(value)) return listTree(apiVersion, value, duplicates, path);
  if (!isObject(value) || isAtomicObject(apiVersion, path)) return { shape: 'leaf', value };
  const children = Object.entries(value).flatMap(([field, member]): [string, FieldTree][] =>
    member === undefined ? [] : [[`f:${field}`, toTree(apiVersion, member, duplicates, [...path, field])]],
  );
  return { shape: 'object', children: new Map(children) };
}

function listTree(apiVersion: string, list: readonly Json[], duplicates: Duplicates, path: FieldPath): FieldTree {
  const type = listType(apiVersion, path);
  if (type.type === 'set') {
    const values = list.map((value): [string, FieldTree] => [`v:${JSON.stringify(value)}`, { shape: 'leaf', value }]);
    return { shape: 'list', children: new Map(values) };
  }
  if (type.type === 'atomic' || !list.every(isObject)) return { shape: 'leaf', value: list };
  const children = new Map(
    list.map(item => [itemName(item, type.keys), toTree(apiVersion, item, duplicates, path)] as const),
  );
  if (children.size === list.length) return { shape: 'list', children };
  if (duplicates === 'refuse') throw new DuplicateItem(`${path.join('.')}: two items have the same key`);
  return { shape: 'leaf', value: list };
}

export function toJson(tree: FieldTree): Json {
  switch (tree.shape) {
    case 'leaf':
      return tree.value;
    case 'list':
      return [...tree.children.values()].map(toJson);
    case 'object':
      return Object.fromEntries([...tree.children].map(([name, child]) => [name.slice(2), toJson(child)]));
  }
}

/** All fields of a tree. Objects and lists are members of the set themselves, as `.`, but for the root and metadata. */
export function fieldsOf(tree: FieldTree, depth = 0): FieldSet {
  if (tree.shape === 'leaf' || tree.children.size === 0) return {};
  const fields: Record<string, FieldSet> = depth === 0 ? {} : { '.': {} };
  for (const [name, child] of tree.children) {
    fields[name] = name === 'f:metadata' && depth === 0 ? fieldsOf(child, 0) : fieldsOf(child, depth + 1);
  }
  return fields;
}

/** `applied` laid over `live`: its leaves win, and its order; what only `live` has stays beside its old neighbour. */
export function mergeTrees(live: FieldTree | undefined, applied: FieldTree): FieldTree {
  if (live === undefined || live.shape === 'leaf' || applied.shape === 'leaf' || live.shape !== applied.shape) {
    return applied;
  }
  const children = new Map<string, FieldTree>();
  for (const name of mergedOrder([...live.children.keys()], [...applied.children.keys()])) {
    const mine = applied.children.get(name);
    const theirs = live.children.get(name);
    const child = mine === undefined ? theirs : mergeTrees(theirs, mine);
    if (child !== undefined) children.set(name, child);
  }
  return { shape: live.shape, children };
}

function mergedOrder(live: readonly string[], applied: readonly string[]): readonly string[] {
  const wanted = new Set(applied);
  const order = [...applied];
  live.forEach((name, index) => {
    if (wanted.has(name)) return;
    const before = live[index - 1];
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, name);
  });
  return order;
}

/** The tree without the fields of `mine`, except for what `kept` names too. */
export function pruneTree(tree: FieldTree, mine: FieldSet, kept: FieldSet): FieldTree {
  if (tree.shape === 'leaf') return tree;
  const children = new Map<string, FieldTree>();
  for (const [name, child] of tree.children) {
    const owned = mine[name];
    const others = kept[name];
    if (!isObject(owned)) children.set(name, child);
    else if (isObject(others)) children.set(name, pruneTree(child, owned, others));
    else if (!isMember(owned)) children.set(name, pruneTree(child, owned, {}));
  }
  return { shape: tree.shape, children };
}

/** The fields whose value is new or other than before. */
export function changedFields(before: FieldTree | undefined, after: FieldTree): FieldSet {
  return before === undefined ? fieldsOf(after) : (changed(before, after, 0) ?? {});
}

function changed(before: FieldTree, after: FieldTree, depth: number): FieldSet | undefined {
  if (before.shape === 'leaf' || after.shape === 'leaf' || before.shape !== after.shape) {
    return isDeepStrictEqual(before, after) ? undefined : fieldsOf(after, depth);
  }
  const fields: Record<string, FieldSet> = {};
  for (const [name, child] of after.children) {
    const old = before.children.get(name);
    const inner = name === 'f:metadata' && depth === 0 ? 0 : depth + 1;
    const part = old === undefined ? fieldsOf(child, inner) : changed(old, child, inner);
    if (part !== undefined) fields[name] = part;
  }
  return Object.keys(fields).length === 0 ? undefined : fields;
}
