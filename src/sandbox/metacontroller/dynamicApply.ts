/** Metacontroller's dynamic apply, its default strategy: a three-way merge that knows no types. */
import { isDeepStrictEqual } from 'node:util';
import { goJson } from '../../metacontroller/goJson.js';
import { mergeKey, mergeValue } from '../../metacontroller/mergeSafety.js';
import { asJson, type KubeObject } from '../../metacontroller/object.js';
import { LAST_APPLIED_ANNOTATION } from '../../metacontroller/unchanged.js';
import type { Json, JsonObject } from '../../schema/json.js';
import { isList, isObject } from '../../schema/json.js';

/** Set by the API server alone; an answer that carries them is never a change. */
const SYSTEM_FIELDS = [
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
] as const;

/** A value has one type in the observed object and another in what is applied: the child cannot be updated. */
export class MergeError extends Error {
  override readonly name = 'MergeError';
}

/**
 * What an observed value becomes: fields of `lastApplied` that `desired` lacks are removed, fields of `desired` are
 * set, all others stay as observed. Observed list items keep their order, new ones follow; items with an equal key
 * collapse onto the last one.
 */
export function dynamicMerge(
  observed: JsonObject,
  lastApplied: JsonObject | undefined,
  desired: JsonObject,
): JsonObject {
  return mergeObjects('', observed, lastApplied, desired);
}

/**
 * The object that Metacontroller writes for an observed child, or undefined when it writes nothing.
 *
 * @throws MergeError when types differ.
 */
export function dynamicUpdate(observed: KubeObject, desired: KubeObject): KubeObject | undefined {
  const wanted = withoutLastApplied(desired);
  const merged = dynamicMerge(asJson(observed), lastAppliedOf(observed), asJson(wanted));
  const metadata = revertSystemFields(objectIn(merged, 'metadata'), objectIn(asJson(observed), 'metadata'));
  const { status: _, ...content } = merged;
  const updated: KubeObject = {
    ...content,
    apiVersion: wanted.apiVersion,
    kind: wanted.kind,
    ...(observed['status'] !== undefined && { status: observed['status'] }),
    metadata: { ...recordLastApplied(metadata, wanted), name: wanted.metadata.name },
  };
  return isDeepStrictEqual(updated, observed) ? undefined : updated;
}

/** The object that Metacontroller creates: it remembers what it was made from. */
export function dynamicCreate(desired: KubeObject): KubeObject {
  const metadata = recordLastApplied(objectIn(asJson(desired), 'metadata'), desired);
  return { ...desired, metadata: { ...metadata, name: desired.metadata.name } };
}

function merge(path: string, observed: Json | undefined, last: Json | undefined, desired: Json): Json {
  if (isObject(observed)) {
    return mergeObjects(path, observed, orNothing(path, last, isObject), orNothing(path, desired, isObject) ?? {});
  }
  if (isList(observed)) {
    return mergeLists(path, observed, orNothing(path, last, isList) ?? [], orNothing(path, desired, isList) ?? []);
  }
  return desired;
}

function orNothing<T extends Json>(
  path: string,
  value: Json | undefined,
  is: (value: Json) => value is T,
): T | undefined {
  if (value === undefined || value === null) return undefined;
  if (is(value)) return value;
  throw new MergeError(`${path}: the observed value and the applied one have different types`);
}

function mergeObjects(
  path: string,
  observed: JsonObject,
  last: JsonObject | undefined,
  desired: JsonObject,
): JsonObject {
  const before = member(last);
  const after = member(desired);
  const kept = entries(observed).filter(([key]) => before(key) === undefined || after(key) !== undefined);
  const merged = new Map(kept);
  for (const [key, value] of entries(desired)) {
    merged.set(key, merge(`${path}[${key}]`, merged.get(key), before(key), value));
  }
  return Object.fromEntries(merged);
}

function mergeLists(path: string, observed: readonly Json[], last: readonly Json[], desired: readonly Json[]): Json {
  const key = mergeKey([...observed, ...last, ...desired]);
  if (key === undefined) return desired;
  const merged = mergeObjects(path, byKey(observed, key), byKey(last, key), byKey(desired, key));
  const order = new Set([...observed, ...desired].map(item => mergeValue(item, key)));
  // An observed key that occurs twice is listed twice: both become the merged item.
  const kept = observed.map(item => mergeValue(item, key));
  const added = [...order].filter(name => !kept.includes(name));
  const mergedItem = member(merged);
  return [...kept, ...added].flatMap(name => mergedItem(name) ?? []);
}

function byKey(items: readonly Json[], key: string): JsonObject {
  return Object.fromEntries(items.map(item => [mergeValue(item, key), item]));
}

function revertSystemFields(merged: JsonObject, observed: JsonObject): JsonObject {
  const reverted: Record<string, Json | undefined> = { ...merged };
  for (const field of SYSTEM_FIELDS) {
    if (observed[field] === undefined) delete reverted[field];
    else reverted[field] = observed[field];
  }
  return reverted;
}

function recordLastApplied(metadata: JsonObject, applied: KubeObject): JsonObject {
  return {
    ...metadata,
    annotations: { ...objectIn(metadata, 'annotations'), [LAST_APPLIED_ANNOTATION]: goJson(asJson(applied)) },
  };
}

function withoutLastApplied(object: KubeObject): KubeObject {
  const annotations = object.metadata.annotations;
  if (annotations?.[LAST_APPLIED_ANNOTATION] === undefined) return object;
  const { [LAST_APPLIED_ANNOTATION]: _, ...kept } = annotations;
  return { ...object, metadata: { ...object.metadata, annotations: kept } };
}

function lastAppliedOf(object: KubeObject): JsonObject | undefined {
  const text = object.metadata.annotations?.[LAST_APPLIED_ANNOTATION];
  if (text === undefined || text === '') return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) return parsed;
  } catch {
    // Told below, as for any text that is not an object.
  }
  throw new MergeError(`${object.metadata.name}: annotation ${LAST_APPLIED_ANNOTATION} is not a JSON object`);
}

function objectIn(value: JsonObject, key: string): JsonObject {
  const inner = value[key];
  return isObject(inner) ? inner : {};
}

/** Members by name. A plain index would find `constructor` and `__proto__` in every object. */
function member(value: JsonObject | undefined): (key: string) => Json | undefined {
  return key => (value !== undefined && Object.hasOwn(value, key) ? value[key] : undefined);
}

function entries(value: JsonObject): readonly (readonly [string, Json])[] {
  return Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
}
