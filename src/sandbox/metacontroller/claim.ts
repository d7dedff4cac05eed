import type { KubeObject, OwnerReference } from '../../metacontroller/object.js';
import { ApiError } from '../cluster/apiError.js';
import type { Cluster } from '../cluster/cluster.js';
import type { KindKey } from '../cluster/kinds.js';
import { groupByKind, type ObjectGroups } from './envelope.js';

/** generateSelector: the label that every child carries, with its parent's uid. */
export const SELECTOR_LABEL = 'controller-uid';

export function controllerOf(object: KubeObject | undefined): OwnerReference | undefined {
  return object?.metadata.ownerReferences?.find(({ controller }) => controller === true);
}

export function ownerReference({ apiVersion, kind, metadata }: KubeObject): OwnerReference {
  const { name, uid = '' } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/**
 * The children of a parent: objects that it controls and whose label says so. An orphan with the label is adopted, an
 * object that lost the label is released, everybody else's is left alone.
 */
export function claimChildren(
  cluster: Cluster,
  parent: KubeObject,
  kinds: readonly KindKey[],
  changesAgo: number,
): ObjectGroups {
  const { namespace } = parent.metadata;
  const filter = namespace === undefined ? {} : { namespace };
  const candidates = kinds.flatMap(kind => cluster.listEarlier(kind, changesAgo, filter));
  return groupByKind(
    candidates.filter(candidate => claim(cluster, parent, candidate)),
    kinds,
  );
}

function claim(cluster: Cluster, parent: KubeObject, candidate: KubeObject): boolean {
  const matches = candidate.metadata.labels?.[SELECTOR_LABEL] === parent.metadata.uid;
  const controller = controllerOf(candidate);
  if (controller !== undefined && controller.uid !== parent.metadata.uid) return false;
  if (controller !== undefined && matches) return true;
  if (controller === undefined && !matches) return false;
  const others = (candidate.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== parent.metadata.uid);
  return setOwners(cluster, candidate, matches ? [...others, ownerReference(parent)] : others) && matches;
}

/** Whether the object still exists. */
function setOwners(cluster: Cluster, object: KubeObject, ownerReferences: readonly OwnerReference[]): boolean {
  try {
    cluster.update({ ...object, metadata: { ...object.metadata, ownerReferences } }, 'metacontroller');
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.reason === 'NotFound') return false;
    throw error;
  }
}
