import { extractFields, isObject } from './fieldSet.js';
import type { Json, JsonObject, KubeObject } from './object.js';

/** Where Metacontroller's dynamic apply keeps what the hook returned last. */
export const LAST_APPLIED_ANNOTATION = 'metacontroller.k8s.io/last-applied-configuration';

/** Metacontroller's field manager for server-side apply, unless its flags name another. */
export const FIELD_MANAGER = 'metacontroller';

/**
 * What to return for an observed child so that Metacontroller changes nothing about it.
 *
 * Dynamic apply computes the change from what was returned last, server-side apply from the fields it owns. Returning
 * the observed object whole would be another answer than last time: it would take over defaulted fields and, through
 * the list merge, could even damage them. A child that Metacontroller never applied comes back without what the API
 * server and other controllers write.
 *
 * ownerReferences are never returned: Metacontroller adds its own, and one that a later answer left out again would be
 * removed, which orphans the child.
 */
export function asLastApplied(child: KubeObject): KubeObject {
  return identified(lastApplied(child) ?? ownedFields(child) ?? withoutSystemFields(child), child);
}

function lastApplied(child: KubeObject): JsonObject | undefined {
  const annotation = child.metadata.annotations?.[LAST_APPLIED_ANNOTATION];
  if (annotation === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(annotation);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    // Somebody edited it. Metacontroller reports that itself; the child still must not be left out of the answer.
    return undefined;
  }
}

function ownedFields(child: KubeObject): JsonObject | undefined {
  const entries = (child.metadata.managedFields ?? []).filter(
    entry => entry.manager === FIELD_MANAGER && entry.operation === 'Apply' && entry.subresource === undefined,
  );
  const fields = entries[0]?.fieldsV1;
  if (fields === undefined) return undefined;
  const owned = extractFields(child as unknown as JsonObject, fields);
  return isObject(owned) ? owned : undefined;
}

function withoutSystemFields(child: KubeObject): JsonObject {
  const { status: _, ...rest } = child;
  const { labels, annotations = {} } = child.metadata;
  const { [LAST_APPLIED_ANNOTATION]: __, ...kept } = annotations;
  return {
    ...(rest as unknown as JsonObject),
    metadata: { ...(labels && { labels }), ...(Object.keys(kept).length > 0 && { annotations: kept }) },
  };
}

/** The same content with the observed object's identity, whatever the recorded content says. */
function identified(content: JsonObject, { apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { ownerReferences: _, ...recorded } = metadataOf(content);
  return {
    ...content,
    apiVersion,
    kind,
    metadata: {
      ...recorded,
      name: metadata.name,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
    },
  };
}

function metadataOf(content: JsonObject): Record<string, Json | undefined> {
  const metadata = content['metadata'];
  return isObject(metadata) ? { ...metadata } : {};
}
