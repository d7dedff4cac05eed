import type { Json, JsonObject } from './json.js';
import type { Place } from './place.js';

const placeholder = /\{\{([^{}]*)\}\}/g;

/** What stands for `{{name}}`; undefined when there is nothing of that name. */
export type Lookup = (name: string) => string | undefined;

/** Every text inside a JSON value with its `{{name}}` replaced; one that cannot be is left, and `missing` is told. */
export function fill<T extends Json>(value: T, lookup: Lookup, missing: (name: string) => void): T {
  return map(value, text =>
    text.replaceAll(placeholder, (whole, inner: string) => {
      const name = inner.trim();
      const replacement = lookup(name);
      if (replacement === undefined) missing(name);
      return replacement ?? whole;
    }),
  ) as T;
}

/** One text wherever such a name is found. */
export function refuseUnknown(name: string, place: Place): void {
  place.refuse(`{{${name}}} is not defined`, 'declare it under args, or fix its name');
}

/** Names in `{{…}}` anywhere in a JSON value. */
export function placeholdersOf(value: Json): ReadonlySet<string> {
  const names = new Set<string>();
  fill(
    value,
    () => undefined,
    name => names.add(name),
  );
  return names;
}

function map(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(item => map(item, change));
  const entries = Object.entries(value as JsonObject);
  return Object.fromEntries(entries.map(([key, item]) => [key, item === undefined ? item : map(item, change)]));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
