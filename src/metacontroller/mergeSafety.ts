import { isObject } from '../schema/json.js';
import { pathKey } from '../schema/place.js';

/** Keys by which Metacontroller's dynamic apply merges lists of objects, the first that all items have. */
const MERGE_KEYS = ['containerPort', 'port', 'mountPath', 'name', 'uid', 'ip', 'path'] as const;

/** A list that dynamic apply would corrupt: two of its items share the key by which it merges. */
export interface UnsafeList {
  /** Path of the list in the object: `spec.template.spec.containers[0].ports`. */
  readonly path: string;
  readonly key: string;
  /** The value that two items share. */
  readonly value: string;
}

/**
 * Every list in a desired object that dynamic apply would collapse on update. Observed items may have more keys than
 * ours (the API server's defaults), but a key counts only when all items have it, so those of ours decide.
 */
export function unsafeLists(object: unknown): readonly UnsafeList[] {
  const found: UnsafeList[] = [];
  visit(object, '', found);
  return found;
}

function visit(value: unknown, path: string, found: UnsafeList[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    const clash = clashOf(value);
    if (clash !== undefined) found.push({ path, ...clash });
    for (const [index, item] of value.entries()) visit(item, `${path}[${index}]`, found);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === 'object') visit(item, path === '' ? key : path + pathKey(key), found);
  }
}

function clashOf(list: readonly unknown[]): Omit<UnsafeList, 'path'> | undefined {
  if (list.length < 2 || !list.every(isObject)) return undefined;
  const key = MERGE_KEYS.find(name => list.every(item => Object.hasOwn(item, name)));
  if (key === undefined) return undefined;
  const seen = new Set<string>();
  for (const item of list) {
    // Compared as text, as Metacontroller does: 80 and "80" are one key.
    const value = String(item[key]);
    if (seen.has(value)) return { key, value };
    seen.add(value);
  }
  return undefined;
}
