import type { Json, JsonObject } from './object.js';

/** A set of fields as metadata.managedFields writes it (FieldsV1): `f:name`, `k:{keys}`, `v:value`, `i:index`, `.` itself. */
export type FieldSet = JsonObject;

/**
 * The part of `value` that `fields` names. A field without inner fields is taken whole; an absent one is left out.
 * Lists keep the order of `value`.
 */
export function extractFields(value: Json, fields: FieldSet): Json | undefined {
  const inner = Object.keys(fields).filter(path => path !== '.');
  if (inner.length === 0) return value;
  if (isList(value)) return extractItems(value, fields);
  if (isObject(value)) return extractMembers(value, fields, inner);
  return value;
}

function extractMembers(value: JsonObject, fields: FieldSet, inner: readonly string[]): JsonObject {
  const members: Record<string, Json> = {};
  for (const path of inner) {
    const name = path.slice(2);
    const member = value[name];
    if (!path.startsWith('f:') || member === undefined) continue;
    const part = extractFields(member, fieldSet(fields[path]));
    if (part !== undefined) members[name] = part;
  }
  return members;
}

function extractItems(list: readonly Json[], fields: FieldSet): readonly Json[] {
  const paths = Object.keys(fields).filter(path => path !== '.');
  return list.flatMap((item, index) => {
    const path = paths.find(candidate => names(candidate, item, index));
    if (path === undefined) return [];
    const part = extractFields(item, fieldSet(fields[path]));
    return part === undefined ? [] : [part];
  });
}

/** Whether a path element (`k:{"name":"web"}`, `v:"x"`, `i:0`) names this item of a list. */
function names(path: string, item: Json, index: number): boolean {
  const wanted: Json = JSON.parse(path.slice(2));
  switch (path.slice(0, 2)) {
    case 'k:':
      return isObject(wanted) && isObject(item) && Object.entries(wanted).every(([key, value]) => item[key] === value);
    case 'v:':
      return item === wanted;
    case 'i:':
      return index === wanted;
    default:
      return false;
  }
}

function fieldSet(value: Json | undefined): FieldSet {
  return value !== undefined && isObject(value) ? value : {};
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Array.isArray does not narrow a readonly array out of a union. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
