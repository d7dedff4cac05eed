/**
 * From the observed pods to the pods of a split, without ever having too many or too few: Argo Rollouts' rule for a
 * canary whose traffic follows its pods.
 *
 * Scale up within r + surge − Σspec: stable first, then the canary. Scale down by at most Σavailable − (r − unavailable)
 * available pods: other revisions first; while they have pods, neither stable nor canary is drained for the other. Then
 * stable if the canary grows or stays, the canary otherwise. Unavailable pods cost nothing and never block (a
 * ReplicaSet removes them first).
 *
 * Ours: children are applied in any order, possibly only some of them, so the canary grows only as far as the already
 * desired stable pods allow its share, not those added in the same sync.
 */

import type { RoleSets } from '../../observe/roleSets.js';
import type { Split } from './canaryReplicas.js';
import type { Tolerance } from './tolerance.js';

export interface Budgeted {
  readonly canary: number;
  readonly stable: number;
  /** In the order of `others`. */
  readonly others: readonly number[];
}

export interface PodBudget {
  readonly r: number;
  readonly tolerance: Tolerance;
  readonly wanted: Split;
  readonly canary: RoleSets;
  readonly stable: RoleSets;
  /** Other revisions, in the order in which they are scaled down. */
  readonly others: readonly RoleSets[];
}

export function withinBudget(budget: PodBudget): Budgeted {
  const { r, tolerance, wanted, canary, stable, others } = budget;
  const all = [canary, stable, ...others];
  let room = Math.max(0, r + tolerance.surge - sum(all, 'spec'));
  const grow = (sets: RoleSets, want: number) => {
    const grown = Math.min(Math.max(sets.spec, want), sets.spec + room);
    room -= grown - sets.spec;
    return grown;
  };
  const grownStable = grow(stable, wanted.stable);
  const grownCanary = grow(canary, Math.min(wanted.canary, withinShare(wanted, stable.spec)));

  let spare = Math.max(0, sum(all, 'available') - (r - tolerance.unavailable));
  const shrink = (sets: RoleSets, want: number) => {
    const shrunk = Math.max(want, sets.available - spare);
    if (shrunk >= sets.spec) return sets.spec;
    spare -= Math.max(0, sets.available - shrunk);
    return shrunk;
  };
  const left = others.map(sets => shrink(sets, 0));
  if (wanted.canary < canary.spec) return { canary: shrink(canary, wanted.canary), stable: grownStable, others: left };
  const othersAreGone = sum(others, 'spec') === 0;
  const mayDrainStable = othersAreGone && wanted.stable < stable.spec;
  return { canary: grownCanary, stable: mayDrainStable ? shrink(stable, wanted.stable) : grownStable, others: left };
}

/** The largest number of canary pods whose share beside `stable` pods does not exceed that of the split. */
function withinShare(wanted: Split, stable: number): number {
  return wanted.stable === 0 ? wanted.canary : Math.floor((wanted.canary * stable) / wanted.stable);
}

function sum(sets: readonly RoleSets[], field: keyof RoleSets): number {
  return sets.reduce((total, set) => total + set[field], 0);
}
