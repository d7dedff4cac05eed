/** Budgets of pods: any that can occur. */
import fc from 'fast-check';
import type { RoleSets } from '../../src/observe/roleSets.js';
import { splitReplicas } from '../../src/rollout/capacity/canaryReplicas.js';
import type { PodBudget } from '../../src/rollout/capacity/podBudget.js';
import { toleranceOf } from '../../src/rollout/capacity/tolerance.js';

export const sets = (spec: number, available = spec): RoleSets => ({ spec, available });

const someSets = fc.tuple(fc.nat(20), fc.nat(20)).map(([spec, available]) => sets(spec, Math.min(spec, available)));

export const someBudget: fc.Arbitrary<PodBudget> = fc
  .record({
    r: fc.integer({ min: 1, max: 20 }),
    w: fc.nat(100),
    maxSurge: fc.nat(5),
    maxUnavailable: fc.nat(5),
    canary: someSets,
    stable: someSets,
    others: fc.array(someSets, { maxLength: 2 }),
  })
  .map(({ r, w, maxSurge, maxUnavailable, ...pods }) => {
    const tolerance = toleranceOf(maxSurge, maxUnavailable, r);
    return { r, tolerance, wanted: splitReplicas(r, w, 100, tolerance.surge), ...pods };
  });
