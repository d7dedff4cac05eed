import { findObject, REPLICA_SET } from '../metacontroller/children.js';
import type { CustomizeAnswer, CustomizeRequest, DecorateAnswer, DecorateRequest } from '../metacontroller/hook.js';
import type { KubeObject, OwnerReference } from '../metacontroller/object.js';
import { asExisting } from '../render/podMetadata.js';
import { changesOf } from '../render/runningPods.js';
import { fields } from '../schema/json.js';
import { GROUP, KIND } from '../schema/names.js';

/** Depends on the pod's owner alone, which never changes: Metacontroller caches the answer. */
export function answerCustomizePod({ parent: pod }: CustomizeRequest): CustomizeAnswer {
  const owner = replicaSetOf(pod);
  const { namespace } = pod.metadata;
  if (owner === undefined || namespace === undefined) return { relatedResources: [] };
  return { relatedResources: [{ apiVersion: 'apps/v1', resource: 'replicasets', namespace, names: [owner.name] }] };
}

/** Gives a running pod the metadata that new pods of its ReplicaSet get for their role in the rollout. */
export function answerDecoratePod({ object: pod, related = {} }: DecorateRequest): DecorateAnswer {
  const owner = replicaSetOf(pod);
  const replicaSet = owner && findObject(related, REPLICA_SET, owner.name);
  if (replicaSet === undefined || replicaSet.metadata.uid !== owner?.uid || !isOurs(replicaSet)) {
    return { labels: {}, annotations: {}, attachments: [] };
  }
  const { selector, template } = fields(replicaSet['spec']);
  return { ...changesOf(pod, asExisting(template), fields(fields(selector)['matchLabels'])), attachments: [] };
}

function replicaSetOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(
    ({ apiVersion, kind, controller }) => controller === true && kind === 'ReplicaSet' && apiVersion === 'apps/v1',
  );
}

function isOurs({ metadata }: KubeObject): boolean {
  return (metadata.ownerReferences ?? []).some(
    ({ apiVersion, kind, controller }) => controller === true && kind === KIND && apiVersion.startsWith(`${GROUP}/`),
  );
}
