import type { PodMetadata, PodTemplate, Role } from '../api/spec.js';
import type { KubeObject } from '../metacontroller/object.js';
import { asLastApplied, isRecorded } from '../metacontroller/unchanged.js';
import type { Parent } from '../observe/parent.js';
import { fields, isObject } from '../schema/json.js';
import {
  AIBRIX_NAME_LABEL,
  AIBRIX_ROLE_LABEL,
  childName,
  PODS_PER_SET_ANNOTATION,
  REVISION_LABEL,
  ROLE_LABEL,
  STORMSERVICE_LABEL,
} from '../schema/names.js';
import { asExisting, templateMetadata, withMetadata } from './podMetadata.js';

/** The size of a ReplicaSet. */
export interface Size {
  readonly replicas: number;
  readonly minReadySeconds: number;
}

/** Metadata of a ReplicaSet's pods: as the user wrote it, and what the strategy adds for now. */
export interface PodMetadataParts {
  readonly written: PodTemplate['metadata'];
  readonly added: PodMetadata;
}

/**
 * An existing ReplicaSet with another size, and with other metadata of new pods if it is known what belongs there. All
 * else of template and selector stays as observed: an upgrade of the hook, with other labels or defaults, must not
 * touch running pods.
 */
export function renew(
  observed: KubeObject,
  { replicas, minReadySeconds }: Size,
  podMetadata: PodMetadataParts | undefined,
): KubeObject {
  const child = asLastApplied(observed);
  const { minReadySeconds: _, ...spec } = child['spec'] as Readonly<Record<string, unknown>>;
  const template = podMetadata && isRecorded(observed) ? renewedTemplate(observed, spec['template'], podMetadata) : {};
  return { ...child, spec: { ...spec, ...template, replicas, ...(minReadySeconds > 0 && { minReadySeconds }) } };
}

function renewedTemplate(observed: KubeObject, template: unknown, podMetadata: PodMetadataParts) {
  const { selector, template: whole } = fields(observed['spec']);
  const labels = fields(fields(selector)['matchLabels']) as Readonly<Record<string, string>>;
  if (!isObject(template)) return {};
  return { template: withMetadata(asExisting(template), asExisting(whole), labels, podMetadata) };
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
  added: PodMetadata,
): PodTemplate {
  const { metadata, spec } = role.template;
  const fixed = {
    [AIBRIX_NAME_LABEL]: name,
    ...(role.name !== '' && { [AIBRIX_ROLE_LABEL]: role.name }),
    ...ours,
  };
  const { labels, annotations } = templateMetadata(metadata, added, fixed);
  return { metadata: { labels, ...(Object.keys(annotations).length > 0 && { annotations }) }, spec };
}
