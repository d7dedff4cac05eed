import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sets, someBudget } from '../../../test/rollouts/podBudget.js';
import type { RoleSets } from '../../observe/roleSets.js';
import { splitReplicas } from './canaryReplicas.js';
import { type PodBudget, withinBudget } from './podBudget.js';
import { toleranceOf } from './tolerance.js';

/** A toy cluster: specs are taken over at once, and pods of every revision but those in `broken` get available. */
describe('withinBudget in a loop', () => {
  const bounded = 200;

  function run(start: PodBudget, broken: ReadonlySet<'canary' | 'stable' | 'others'>) {
    let state = start;
    for (let turn = 0; turn < bounded; turn++) {
      const next = withinBudget(state);
      const grown = (who: 'canary' | 'stable' | 'others', spec: number, before: RoleSets | undefined) =>
        sets(spec, broken.has(who) ? Math.min(spec, before?.available ?? 0) : spec);
      const after: PodBudget = {
        ...state,
        canary: grown('canary', next.canary, state.canary),
        stable: grown('stable', next.stable, state.stable),
        others: next.others.map((spec, i) => grown('others', spec, state.others[i])),
      };
      if (JSON.stringify(after) === JSON.stringify(state)) return state;
      state = after;
    }
    throw new Error(`not settled within ${bounded} turns: ${JSON.stringify(start)}`);
  }

  it('arrives at the split when pods get available, from wherever it was', () => {
    fc.assert(
      fc.property(someBudget, budget => {
        const { canary, stable, others } = run(budget, new Set());
        expect({ canary: canary.spec, stable: stable.spec }).toEqual(budget.wanted);
        expect(others.every(({ spec }) => spec === 0)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('arrives when the split changes on the way, and r with it', () => {
    fc.assert(
      fc.property(someBudget, someBudget, fc.nat(5), (first, second, turns) => {
        let state = first;
        for (let i = 0; i < turns; i++) {
          const { canary, stable, others } = withinBudget(state);
          state = { ...state, canary: sets(canary), stable: sets(stable), others: others.map(spec => sets(spec)) };
        }
        const { canary, stable } = run(
          { ...state, r: second.r, tolerance: second.tolerance, wanted: second.wanted },
          new Set(),
        );
        expect({ canary: canary.spec, stable: stable.spec }).toEqual(second.wanted);
      }),
    );
  });

  it('a new revision that never gets available stops within the surge and leaves r − unavailable', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.nat(100),
        fc.nat(5),
        fc.nat(5),
        (r, w, maxSurge, maxUnavailable) => {
          const tolerance = toleranceOf(maxSurge, maxUnavailable, r);
          const wanted = splitReplicas(r, w, 100, tolerance.surge);
          const { canary, stable } = run(
            { r, tolerance, wanted, canary: sets(0), stable: sets(r), others: [] },
            new Set(['canary']),
          );
          expect(canary.spec + stable.spec).toBeLessThanOrEqual(r + tolerance.surge);
          expect(stable.available).toBeGreaterThanOrEqual(r - tolerance.unavailable);
        },
      ),
    );
  });

  it('an older revision whose pods were never available goes at once', () => {
    const { others, canary } = run(
      {
        r: 10,
        tolerance: { surge: 0, unavailable: 2 },
        wanted: { canary: 5, stable: 5 },
        canary: sets(0),
        stable: sets(5),
        others: [sets(5, 0)],
      },
      new Set(['others']),
    );
    expect(others).toEqual([sets(0)]);
    expect(canary).toEqual(sets(5));
  });
});
