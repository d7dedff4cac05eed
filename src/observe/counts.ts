import type { PodCounts } from '../status/schema.js';
import type { Observation } from './observation.js';
import type { Revision } from './revisions.js';

/**
 * Pods for status, in the unit of spec.replicas (the scale subresource compares the two): pods, or role sets. A role
 * set exists when any of its pods does, and is ready or available when all of them are.
 */
export function countPods({ revisions, target }: Pick<Observation, 'revisions' | 'target'>): PodCounts {
  const total = (count: (revision: Revision) => number) =>
    revisions.reduce((sum, revision) => sum + count(revision), 0);
  return {
    replicas: total(existing),
    readyReplicas: total(revision => whole(revision, 'ready')),
    availableReplicas: total(revision => whole(revision, 'available')),
    updatedReplicas: total(revision => (revision.hash === target ? existing(revision) : 0)),
  };
}

/** Pods of the updated revision according to status: a hold keeps them even if their ReplicaSet is gone. */
export function updatedBefore({ memory, target }: Pick<Observation, 'memory' | 'target'>): number {
  return memory.updatedRevision === target ? memory.counts.updatedReplicas : 0;
}

function existing({ roles }: Revision): number {
  return Math.max(0, ...roles.map(({ replicas, perSet }) => (perSet > 0 ? Math.ceil(replicas / perSet) : 0)));
}

function whole({ roles }: Revision, field: 'ready' | 'available'): number {
  const counted = roles.filter(({ perSet }) => perSet > 0);
  return counted.length === 0 ? 0 : Math.min(...counted.map(role => Math.floor(role[field] / role.perSet)));
}
