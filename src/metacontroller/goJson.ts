import type { Json } from '../schema/json.js';
import { isList, isObject } from '../schema/json.js';

/**
 * JSON as Go's encoding/json writes it: sorted keys, and `<`, `>`, `&` escaped. The last-applied annotation is compared
 * as a text, so that its spelling decides whether an update is made.
 */
export function goJson(value: Json): string {
  return JSON.stringify(sorted(value)).replace(/[<>&\u2028\u2029]/g, escaped);
}

function sorted(value: Json): Json {
  if (isList(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([key, member]) => [key, member === undefined ? undefined : sorted(member)]));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
