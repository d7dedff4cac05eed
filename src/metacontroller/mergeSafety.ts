/** How Metacontroller's dynamic apply merges lists, and which lists it would corrupt. */
import { isObject, items } from '../schema/json.js';
import { pathKey } from '../schema/place.js';
import { firstRepeated } from '../schema/repeated.js';
import { goJson } from './goJson.js';

/** Lists of objects are merged by the first of these keys that every item has; any other list is replaced whole. */
const MERGE_KEYS = ['containerPort', 'port', 'mountPath', 'name', 'uid', 'ip', 'path'] as const;

/** The key that dynamic apply would merge these items by, or undefined when it replaces the list. */
export function mergeKey(list: readonly unknown[]): string | undefined {
  return MERGE_KEYS.find(key => list.length > 0 && list.every(item => isObject(item) && item[key] !== undefined));
}

/** Compared as text, as Metacontroller does: 80 and "80" are one key. */
export function mergeValue(item: unknown, key: string): string {
  const value = isObject(item) ? item[key] : undefined;
  return typeof value === 'string' ? value : goJson(value ?? null);
}

/** A list that dynamic apply would corrupt: two of its items share the key by which it merges. */
export interface UnsafeList {
  /** Path of the list in the object: `spec.template.spec.containers[0].ports`. */
  readonly path: string;
  readonly key: string;
  /** The value that two items share. */
  readonly value: string;
}

/**
 * Every list in a desired object whose items would collapse if it were merged, wherever it is. Observed items may have
 * more keys than ours (the API server's defaults), but a key counts only when all items have it, so those of ours decide.
 */
export function unsafeLists(object: unknown): readonly UnsafeList[] {
  return search(object, '', () => true);
}

/** Those that are merged indeed: a list that is replaced whole is safe with all that is in it. */
export function collapsingLists(object: unknown): readonly UnsafeList[] {
  return search(object, '', list => mergeKey(list) !== undefined);
}

function search(value: unknown, path: string, looksInto: (list: readonly unknown[]) => boolean): readonly UnsafeList[] {
  if (isObject(value)) {
    const inner = Object.entries(value);
    return inner.flatMap(([key, item]) => search(item, path === '' ? key : path + pathKey(key), looksInto));
  }
  const list = items(value);
  const inner = looksInto(list) ? list.flatMap((item, index) => search(item, `${path}[${index}]`, looksInto)) : [];
  const key = mergeKey(list);
  const keys = key === undefined ? [] : list.map(item => mergeValue(item, key));
  const shared = firstRepeated(keys);
  return key === undefined || shared === undefined ? inner : [{ path, key, value: shared }, ...inner];
}

/** What is wrong with an unsafe list. */
export function collapse({ key, value }: UnsafeList): string {
  return `two items have ${key} ${value}, so Metacontroller's dynamic apply would merge them into one`;
}
