/**
 * Pods counted in role sets. A role set has `perSet` pods of every role; a plain template is a role set of one pod.
 * With several roles, the slowest one decides: a set is available when all of its roles are, and it counts as desired
 * as soon as any role has its pods.
 */
import type { Revision, RolePods } from './revisions.js';

/** Desired and available role sets of one revision. */
export interface RoleSets {
  readonly spec: number;
  readonly available: number;
}

export const NO_SETS: RoleSets = { spec: 0, available: 0 };

export function roleSetsOf(revision: Revision | undefined): RoleSets {
  const roles = revision?.roles.filter(({ perSet }) => perSet > 0) ?? [];
  if (roles.length === 0) return NO_SETS;
  return {
    spec: Math.max(...roles.map(({ spec, perSet }) => Math.ceil(spec / perSet))),
    available: Math.min(...roles.map(({ available, perSet }) => Math.floor(available / perSet))),
  };
}

/** The role that keeps the revision below `wanted` available sets; undefined with a single role. */
export function limitingRole(revision: Revision, wanted: number): RolePods | undefined {
  if (revision.roles.length < 2) return undefined;
  return revision.roles
    .filter(({ perSet, available }) => available < wanted * perSet)
    .sort((a, b) => a.available / a.perSet - b.available / b.perSet)[0];
}

/**
 * Desired pods of each role's ReplicaSet for `sets` role sets. All roles scale down at once and scale up in
 * `upgradeOrder`: a role waits until the roles before it are available.
 */
export function podsForSets(revision: Revision, sets: number): ReadonlyMap<string, number> {
  const ready = (order: number) =>
    revision.roles.every(role => role.upgradeOrder >= order || role.available >= sets * role.perSet);
  return new Map(
    revision.roles.map(role => {
      const wanted = sets * role.perSet;
      return [role.role, ready(role.upgradeOrder) ? wanted : Math.min(wanted, role.spec)];
    }),
  );
}

export function podTotal(revision: Revision, field: 'spec' | 'replicas' | 'ready' | 'available'): number {
  return revision.roles.reduce((sum, role) => sum + role[field], 0);
}
