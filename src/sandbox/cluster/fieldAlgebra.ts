/** Sets of fields as server-side apply adds and subtracts them. */
import { type FieldSet, fieldSet } from '../../metacontroller/fieldSet.js';
import { isObject, type JsonObject } from '../../schema/json.js';

/** Whether a place itself belongs to the set, not only something below it. The root of an empty set does not. */
export function isMember(fields: FieldSet): boolean {
  return fields['.'] !== undefined || isEmpty(fields);
}

export function isEmpty(fields: FieldSet): boolean {
  return Object.keys(fields).length === 0;
}

/** Fields that either set has. */
export function unionFields(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a)) return b;
  return isEmpty(b) ? a : union(a, b);
}

function union(a: FieldSet, b: FieldSet): FieldSet {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  const fields: Record<string, JsonObject> = names.size > 0 && (isMember(a) || isMember(b)) ? { '.': {} } : {};
  for (const name of names) {
    const [inA, inB] = [a[name], b[name]];
    if (isObject(inA) && isObject(inB)) fields[name] = union(inA, inB);
    else fields[name] = fieldSet(inA ?? inB);
  }
  return fields;
}

/** Fields of `a` that `b` has not. */
export function withoutFields(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a) || isEmpty(b)) return a;
  return difference(a, b) ?? {};
}

function difference(a: FieldSet, b: FieldSet): FieldSet | undefined {
  const left: Record<string, JsonObject> = isMember(a) && !isMember(b) ? { '.': {} } : {};
  for (const [name, inA] of Object.entries(a)) {
    if (name === '.') continue;
    const inB = b[name];
    const rest = isObject(inB) ? difference(fieldSet(inA), inB) : fieldSet(inA);
    if (rest !== undefined) left[name] = rest;
  }
  const names = Object.keys(left);
  if (names.length === 0) return undefined;
  return names.length === 1 && names[0] === '.' ? {} : left;
}
