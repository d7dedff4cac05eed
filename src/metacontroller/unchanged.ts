import type { Json, JsonObject } from '../schema/json.js';
import { isObject } from '../schema/json.js';
import { extractFields } from './fieldSet.js';
import { asJson, type KubeObject, type ObjectMeta } from './object.js';

/** Where Metacontroller's dynamic apply keeps what the hook returned last. */
export const LAST_APPLIED_ANNOTATION = 'metacontroller.k8s.io/last-applied-configuration';

/** With generateSelector: the label by which Metacontroller knows the children of a parent, with its uid. */
export const OWNER_LABEL = 'controller-uid';

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

/**
 * Whether Metacontroller knows what it applied of a child. A field that it does not know to be its own cannot be
 * removed: it has to be returned once first.
 */
export function isRecorded(child: KubeObject): boolean {
  return (lastApplied(child) ?? ownedFields(child)) !== undefined;
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
  const owned = extractFields(asJson(child), fields);
  return isObject(owned) ? owned : undefined;
}

function withoutSystemFields(child: KubeObject): JsonObject {
  const { status: _, ...rest } = asJson(child);
  const { labels, annotations = {} } = child.metadata;
  const { [LAST_APPLIED_ANNOTATION]: __, ...kept } = annotations;
  return {
    ...rest,
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
      ...labelled(recorded['labels'], metadata),
      name: metadata.name,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
    },
  };
}

/**
 * The labels with the owner's as it is now. A child that was taken over from an earlier object of the same name was
 * recorded with that one's, and Metacontroller refuses an answer that says so.
 */
function labelled(labels: Json | undefined, observed: ObjectMeta): Pick<ObjectMeta, 'labels'> {
  const owner = observed.labels?.[OWNER_LABEL];
  if (!isObject(labels) || labels[OWNER_LABEL] === undefined || owner === undefined) return {};
  return { labels: { ...(labels as Readonly<Record<string, string>>), [OWNER_LABEL]: owner } };
}

function metadataOf(content: JsonObject): Record<string, Json | undefined> {
  const metadata = content['metadata'];
  return isObject(metadata) ? { ...metadata } : {};
}
