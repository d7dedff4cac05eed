/**
 * How large a spec may be. All StormServices share the hook, and reading a spec takes time in proportion to the number of
 * its values. For a list in which every item is wrong, some validators even take the square of its length.
 */
import type { Place } from '../schema/place.js';
import { show } from '../schema/show.js';

export const MAX_SPEC_VALUES = 10_000;
export const MAX_TEMPLATE_VALUES = 2000;
const MAX_ENTRIES = 1000;
const MAX_DEPTH = 64;
const MAX_KEY_LENGTH = 512;

const count = (value: number) => value.toLocaleString('en-US');

/** Refuses a spec that is too large. `raw` may be any JSON value; it is not searched beyond the limits. */
export function checkSize(raw: unknown, maxValues: number, place: Place): void {
  const found = check(raw, MAX_DEPTH, { values: maxValues });
  if (found === 'values') {
    const remedy = 'move configuration into ConfigMaps, and metrics into AnalysisTemplates';
    place.refuse(`it has more than ${count(maxValues)} values`, remedy);
  } else if (found !== undefined) {
    place.at(...found.keys.reverse()).refuse(found.problem, found.remedy);
  }
}

/** What is too large, and the keys that lead to it, the last one first; or there are too many values altogether. */
type Found =
  | { readonly keys: (string | number)[]; readonly problem: string; readonly remedy: string }
  | 'values'
  | undefined;

interface Left {
  values: number;
}

function check(value: unknown, depth: number, left: Left): Found {
  left.values -= 1;
  if (left.values < 0) return 'values';
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === 0)
    return { keys: [], problem: `it is nested more than ${MAX_DEPTH} levels deep`, remedy: 'flatten it' };
  return Array.isArray(value) ? checkList(value, depth, left) : checkFields(value, depth, left);
}

function checkList(list: readonly unknown[], depth: number, left: Left): Found {
  if (list.length > MAX_ENTRIES) return tooMany(list.length);
  for (const [index, item] of list.entries()) {
    const found = within(index, check(item, depth - 1, left));
    if (found !== undefined) return found;
  }
  return undefined;
}

function checkFields(object: object, depth: number, left: Left): Found {
  const keys = Object.keys(object);
  if (keys.length > MAX_ENTRIES) return tooMany(keys.length);
  for (const key of keys) {
    if (key.length > MAX_KEY_LENGTH) {
      const problem = `a field name has ${count(key.length)} characters: ${show(key)}`;
      return { keys: [], problem, remedy: `use at most ${MAX_KEY_LENGTH}` };
    }
    const found = within(key, check((object as Readonly<Record<string, unknown>>)[key], depth - 1, left));
    if (found !== undefined) return found;
  }
  return undefined;
}

function within(key: string | number, found: Found): Found {
  if (typeof found === 'object') found.keys.push(key);
  return found;
}

function tooMany(entries: number): Found {
  const problem = `it has ${count(entries)} entries`;
  return { keys: [], problem, remedy: `use at most ${count(MAX_ENTRIES)}` };
}
