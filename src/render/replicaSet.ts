import type { PodMetadata, PodTemplate, Role } from '../api/spec.js';
import type { KubeObject } from '../metacontroller/object.js';
import { asLastApplied } from '../metacontroller/unchanged.js';
import type { Parent } from '../observe/parent.js';
import {
  AIBRIX_NAME_LABEL,
  AIBRIX_ROLE_LABEL,
  childName,
  PODS_PER_SET_ANNOTATION,
  REVISION_LABEL,
  ROLE_LABEL,
  STORMSERVICE_LABEL,
} from '../schema/names.js';

/** The only fields that change in an existing ReplicaSet. */
export interface Size {
  readonly replicas: number;
  readonly minReadySeconds: number;
}

/**
 * An existing ReplicaSet with another size. Template and selector stay as observed: an upgrade of the hook, with other
 * labels or defaults, must not touch running pods.
 */
export function resize(observed: KubeObject, { replicas, minReadySeconds }: Size): KubeObject {
  const child = asLastApplied(observed);
  const { minReadySeconds: _, ...spec } = child['spec'] as Readonly<Record<string, unknown>>;
  return { ...child, spec: { ...spec, replicas, ...(minReadySeconds > 0 && { minReadySeconds }) } };
}

export interface NewReplicaSet {
  readonly parent: Parent;
  readonly revision: string;
  readonly role: Role;
  readonly size: Size;
  /** Labels and annotations that the strategy adds to the pods of this revision. */
  readonly podMetadata: PodMetadata;
}

export function renderReplicaSet({ parent, revision, role, size, podMetadata }: NewReplicaSet): KubeObject {
  const { replicas, minReadySeconds } = size;
  const ours = {
    [STORMSERVICE_LABEL]: parent.name,
    [REVISION_LABEL]: revision,
    ...(role.name !== '' && { [ROLE_LABEL]: role.name }),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: childName(parent.name, role.name, revision),
      namespace: parent.namespace,
      labels: ours,
      ...(role.name !== '' && { annotations: { [PODS_PER_SET_ANNOTATION]: String(role.pods) } }),
    },
    spec: {
      replicas,
      ...(minReadySeconds > 0 && { minReadySeconds }),
      selector: { matchLabels: ours },
      template: renderPodTemplate(role, parent.name, ours, podMetadata),
    },
  };
}

function renderPodTemplate(
  role: Role,
  name: string,
  ours: Readonly<Record<string, string>>,
  extra: PodMetadata,
): PodTemplate {
  const { metadata, spec } = role.template;
  const annotations = { ...metadata?.annotations, ...extra.annotations };
  return {
    metadata: {
      labels: {
        ...metadata?.labels,
        ...extra.labels,
        [AIBRIX_NAME_LABEL]: name,
        ...(role.name !== '' && { [AIBRIX_ROLE_LABEL]: role.name }),
        ...ours,
      },
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec,
  };
}
