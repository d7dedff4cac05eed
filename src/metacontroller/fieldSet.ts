import { isList, isObject, type Json, type JsonObject } from '../schema/json.js';

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
  const members = inner.flatMap(path => {
    const name = path.slice(2);
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (!path.startsWith('f:') || member === undefined) return [];
    const part = extractFields(member, fieldSet(fields[path]));
    return part === undefined ? [] : [[name, part] as const];
  });
  // Not by assignment, which would lose a member that is called __proto__.
  return Object.fromEntries(members);
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

export function fieldSet(value: Json | undefined): FieldSet {
  return value !== undefined && isObject(value) ? value : {};
}
