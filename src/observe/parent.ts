import type { KubeObject, ManagedFields } from '../metacontroller/object.js';

/** The metadata of the StormService that the rollout reads. */
export interface Parent {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly managedFields: readonly ManagedFields[];
}

export function readParent(object: KubeObject): Parent {
  const { name, namespace, uid, generation, annotations, managedFields } = object.metadata;
  return {
    name,
    namespace: namespace ?? '',
    uid: uid ?? '',
    generation: generation ?? 0,
    annotations: annotations ?? {},
    managedFields: managedFields ?? [],
  };
}

/** Who set an annotation last, according to managedFields. For status only: no decision depends on it. */
export function annotatedBy(parent: Parent, annotation: string): { readonly by?: string; readonly at?: string } {
  const entry = parent.managedFields.find(fields => ownsAnnotation(fields, annotation));
  return {
    ...(entry?.manager !== undefined && { by: entry.manager }),
    ...(entry?.time !== undefined && { at: entry.time }),
  };
}

function ownsAnnotation(entry: ManagedFields, annotation: string): boolean {
  const metadata = entry.fieldsV1?.['f:metadata'] as Record<string, unknown> | undefined;
  const annotations = metadata?.['f:annotations'] as Record<string, unknown> | undefined;
  return annotations?.[`f:${annotation}`] !== undefined;
}
