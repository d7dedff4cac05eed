import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sets, someBudget } from '../../../test/rollouts/podBudget.js';
import type { RoleSets } from '../../observe/roleSets.js';
import { splitReplicas } from './canaryReplicas.js';
import { type Budgeted, type PodBudget, withinBudget } from './podBudget.js';
import { toleranceOf } from './tolerance.js';

const size = ({ canary, stable, others }: Budgeted) => canary + stable + others.reduce((sum, spec) => sum + spec, 0);
const specs = ({ canary, stable, others }: PodBudget) =>
  [canary, stable, ...others].reduce((sum, { spec }) => sum + spec, 0);
const availables = ({ canary, stable, others }: PodBudget) =>
  [canary, stable, ...others].reduce((sum, { available }) => sum + available, 0);

describe("withinBudget: Argo Rollouts' examples", () => {
  interface Row {
    readonly r?: number;
    readonly w: number;
    readonly surge: number | string;
    readonly unavailable: number | string;
    readonly stable: RoleSets;
    readonly canary: RoleSets;
    readonly older?: RoleSets;
    readonly next: { readonly stable: number; readonly canary: number };
  }
  it.each<[string, Row]>([
    [
      'grows into the surge',
      { w: 20, surge: 2, unavailable: 0, stable: sets(10), canary: sets(0), next: { stable: 10, canary: 2 } },
    ],
    [
      'grows into a surge in per cent',
      { w: 20, surge: '20%', unavailable: 0, stable: sets(10), canary: sets(0), next: { stable: 10, canary: 2 } },
    ],
    [
      'gives up what is over',
      { w: 20, surge: '20%', unavailable: 0, stable: sets(10), canary: sets(2), next: { stable: 8, canary: 2 } },
    ],
    [
      'stays within the surge',
      { w: 30, surge: 2, unavailable: 0, stable: sets(10), canary: sets(0), next: { stable: 10, canary: 2 } },
    ],
    [
      'shrinks first without a surge',
      { w: 20, surge: 0, unavailable: 2, stable: sets(10), canary: sets(0), next: { stable: 8, canary: 0 } },
    ],
    [
      'stays within what may be unavailable',
      { w: 30, surge: 0, unavailable: 2, stable: sets(10), canary: sets(0), next: { stable: 8, canary: 0 } },
    ],
    [
      'uses surge and unavailable together',
      { w: 50, surge: 2, unavailable: 1, stable: sets(10), canary: sets(0), next: { stable: 9, canary: 2 } },
    ],
    [
      'weight 0 takes the canary away',
      { w: 0, surge: 1, unavailable: 1, stable: sets(10), canary: sets(1), next: { stable: 10, canary: 0 } },
    ],
    [
      'weight 100 takes stable away',
      { w: 100, surge: 1, unavailable: 1, stable: sets(1), canary: sets(10), next: { stable: 0, canary: 10 } },
    ],
    [
      'one pod at 20 % surges',
      { r: 1, w: 20, surge: 1, unavailable: 0, stable: sets(1), canary: sets(0), next: { stable: 1, canary: 1 } },
    ],
    [
      'one pod at 49 % without a surge stays',
      { r: 1, w: 49, surge: 0, unavailable: 1, stable: sets(1), canary: sets(0), next: { stable: 1, canary: 0 } },
    ],
    [
      'one pod at 51 % without a surge makes room',
      { r: 1, w: 51, surge: 0, unavailable: 1, stable: sets(1), canary: sets(0), next: { stable: 0, canary: 0 } },
    ],
    [
      'and then takes it',
      { r: 1, w: 51, surge: 0, unavailable: 1, stable: sets(0), canary: sets(0), next: { stable: 0, canary: 1 } },
    ],
    [
      'older pods and missing stable ones',
      {
        w: 30,
        surge: 0,
        unavailable: 1,
        stable: sets(8, 6),
        canary: sets(4, 2),
        older: sets(3),
        next: { stable: 8, canary: 3 },
      },
    ],
    [
      'a small weight makes room first',
      { w: 5, surge: 0, unavailable: 1, stable: sets(10), canary: sets(0), next: { stable: 9, canary: 0 } },
    ],
    [
      'and then takes it',
      { w: 5, surge: 0, unavailable: 1, stable: sets(9), canary: sets(0), next: { stable: 9, canary: 1 } },
    ],
    [
      'two per cents of 0: one unavailable',
      { w: 10, surge: '0%', unavailable: '0%', stable: sets(10), canary: sets(0), next: { stable: 9, canary: 0 } },
    ],
  ])('%s', (_, { r = 10, w, surge, unavailable, stable, canary, older, next }) => {
    const tolerance = toleranceOf(surge, unavailable, r);
    const wanted = splitReplicas(r, w, 100, tolerance.surge);
    expect(withinBudget({ r, tolerance, wanted, stable, canary, others: older ? [older] : [] })).toMatchObject(next);
  });
});

describe('withinBudget', () => {
  it('stable and canary share the room that older revisions leave', () => {
    const next = withinBudget({
      r: 10,
      tolerance: { surge: 0, unavailable: 0 },
      wanted: { canary: 5, stable: 5 },
      canary: sets(0),
      stable: sets(4),
      others: [sets(3)],
    });
    expect(next).toEqual({ canary: 2, stable: 5, others: [3] });
  });

  it('pods that are not available leave what may be given up to those that are', () => {
    const next = withinBudget({
      r: 2,
      tolerance: { surge: 2, unavailable: 0 },
      wanted: { canary: 0, stable: 2 },
      canary: sets(1),
      stable: sets(2),
      others: [sets(1, 0)],
    });
    expect(next).toEqual({ canary: 0, stable: 2, others: [0] });
  });

  it('never has more than r + surge, unless it already had', () => {
    fc.assert(
      fc.property(someBudget, budget => {
        expect(size(withinBudget(budget))).toBeLessThanOrEqual(
          Math.max(budget.r + budget.tolerance.surge, specs(budget)),
        );
      }),
    );
  });

  it('applied by halves it does not either: growth waits for what is given up', () => {
    fc.assert(
      fc.property(someBudget, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), (budget, applied) => {
        const next = withinBudget(budget);
        const before = {
          canary: budget.canary.spec,
          stable: budget.stable.spec,
          others: budget.others.map(({ spec }) => spec),
        };
        const half = {
          canary: applied[0] ? next.canary : before.canary,
          stable: applied[1] ? next.stable : before.stable,
          others: before.others.map((spec, i) => (applied[i + 2] ? (next.others[i] ?? 0) : spec)),
        };
        expect(size(half)).toBeLessThanOrEqual(Math.max(budget.r + budget.tolerance.surge, specs(budget)));
      }),
    );
  });

  it('never goes below r − unavailable available pods, unless it already was', () => {
    fc.assert(
      fc.property(someBudget, budget => {
        const { canary, stable, others } = withinBudget(budget);
        // A ReplicaSet removes what is not available first.
        const left =
          Math.min(canary, budget.canary.available) +
          Math.min(stable, budget.stable.available) +
          others.reduce((sum, spec, i) => sum + Math.min(spec, budget.others[i]?.available ?? 0), 0);
        expect(left).toBeGreaterThanOrEqual(Math.min(budget.r - budget.tolerance.unavailable, availables(budget)));
      }),
    );
  });

  it('never gives the new revision a larger share than it had or shall have, however it is applied', () => {
    fc.assert(
      fc.property(someBudget, fc.tuple(fc.boolean(), fc.boolean()), (budget, [canaryApplied, stableApplied]) => {
        fc.pre(budget.others.length === 0);
        const next = withinBudget(budget);
        const share = (canary: number, stable: number) => (canary === 0 ? 0 : canary / (canary + stable));
        const before = share(budget.canary.spec, budget.stable.spec);
        const wanted = share(budget.wanted.canary, budget.wanted.stable);
        const after = share(
          canaryApplied ? next.canary : budget.canary.spec,
          stableApplied ? next.stable : budget.stable.spec,
        );
        expect(after).toBeLessThanOrEqual(Math.max(before, wanted) + 1e-9);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes nothing from stable while older revisions have pods', () => {
    fc.assert(
      fc.property(someBudget, budget => {
        fc.pre(budget.others.some(({ spec }) => spec > 0) && budget.wanted.canary >= budget.canary.spec);
        expect(withinBudget(budget).stable).toBeGreaterThanOrEqual(budget.stable.spec);
      }),
    );
  });
});
