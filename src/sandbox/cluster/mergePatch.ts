import type { Json, JsonObject } from '../../schema/json.js';
import { isObject } from '../../schema/json.js';

/** RFC 7386: null removes a field, an object is merged, anything else replaces. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged: Record<string, Json> = isObject(target) ? ({ ...target } as Record<string, Json>) : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null || value === undefined) delete merged[field];
    else merged[field] = mergePatch(merged[field], value);
  }
  return merged;
}

/** What `kubectl apply` sends for a custom resource: fields that were applied before and are not any more are removed. */
export function applyPatch(lastApplied: JsonObject, applied: JsonObject): JsonObject {
  const patch: Record<string, Json> = {};
  for (const field of Object.keys(lastApplied)) if (applied[field] === undefined) patch[field] = null;
  for (const [field, value] of Object.entries(applied)) {
    if (value === undefined) continue;
    const before = lastApplied[field];
    patch[field] = isObject(value) && isObject(before) ? applyPatch(before, value) : value;
  }
  return patch;
}
