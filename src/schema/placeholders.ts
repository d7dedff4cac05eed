import { isList, isObject, type Json } from './json.js';
import type { Place } from './place.js';

const PLACEHOLDER = /\{\{([^{}]*)\}\}/;

/** A text around its placeholders: there is one literal more than there are placeholders. */
export interface SplitText {
  readonly literals: readonly string[];
  /** As they are written, with `{{` and `}}`. */
  readonly placeholders: readonly string[];
}

export function splitAtPlaceholders(text: string): SplitText {
  const parts = text.split(PLACEHOLDER);
  return {
    literals: parts.filter((_, index) => index % 2 === 0),
    placeholders: parts.filter((_, index) => index % 2 === 1).map(inner => `{{${inner}}}`),
  };
}

/** `args.name` of `{{ args.name }}`. */
export function nameIn(placeholder: string): string {
  return placeholder.slice(2, -2).trim();
}

/** One text wherever such a name is found. */
export function refuseUnknown(name: string, place: Place): void {
  place.refuse(`{{${name}}} is not defined`, 'declare it under args, or fix its name');
}

/** Names in `{{…}}` anywhere in a JSON value. */
export function placeholdersOf(value: Json | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  collect(value, names);
  return names;
}

function collect(value: Json | undefined, names: Set<string>): void {
  if (typeof value === 'string') for (const each of splitAtPlaceholders(value).placeholders) names.add(nameIn(each));
  else if (isList(value)) for (const item of value) collect(item, names);
  else if (isObject(value)) for (const item of Object.values(value)) collect(item, names);
}
