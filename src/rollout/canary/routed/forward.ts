/** The rows of an advancing rollout. Letters as in transition.ts. */
import type { ManagedRoute } from '../../../routers/router.js';
import { firstMove, type Row } from '../../rows.js';
import type { Wait } from '../../wait.js';
import { moveBack } from './back.js';
import {
  canarySelects,
  forService,
  forWeight,
  isCarried,
  sameRoutes,
  settling,
  stableSelects,
  stay,
  type TrafficMove,
  type TrafficState,
} from './transition.js';

/** The traffic that the steps require. */
export interface StepTraffic {
  /** The weight that the completed steps allow. */
  readonly weight: number;
  readonly managed: readonly ManagedRoute[];
  /** What blocks a higher weight: pods, a hold. */
  readonly blocked: Wait | undefined;
  readonly stepsDone: boolean;
}

interface Forward extends TrafficState {
  readonly goal: StepTraffic;
  readonly here: TrafficMove;
}

export function moveForward(state: TrafficState, goal: StepTraffic): TrafficMove {
  const kept = goal.managed.filter(({ name }) => state.routes.managed.includes(name));
  return firstMove(FORWARD, { ...state, goal, here: stay(state, kept) });
}

export const FORWARD: readonly Row<Forward, TrafficMove>[] = [
  {
    when: 'stable selects neither S nor, with the steps done, C: a leftover from an earlier rollout of C or from a third revision, or it selects all pods',
    change: 'as in a rollback',
    needs: 'S has r pods',
    move: state => {
      const { routes, stable, updated, goal } = state;
      const right = [undefined, stable.hash, ...(goal.stepsDone ? [updated.hash] : [])];
      return routes.stable.every(selection => right.includes(selection)) ? undefined : moveBack(state);
    },
  },
  {
    when: 'steps done, stable selects C, w > 0 or h',
    change: 'w → 0, h off',
    needs: 'in effect',
    move: state => {
      if (!servedByUpdated(state) || !isCarried(state.routes)) return undefined;
      if (!state.inEffect) return settling(state, state.here);
      return { ...state.here, weight: 0, towards: 0, managed: [], wait: forWeight(state.routes, 0) };
    },
  },
  {
    when: 'steps done, stable selects C, w = 0, no h',
    change: 'status: C is stable; the scale-down delay of the old pods starts',
    needs: 'in effect',
    move: state => {
      if (!servedByUpdated(state)) return undefined;
      return state.inEffect ? { ...state.here, done: true } : settling(state, state.here);
    },
  },
  {
    when: 'canary does not select C, w > 0 or h',
    change: 'w → 0, h off',
    needs: 'S can carry it, or as far as possible',
    move: state =>
      canarySelects(state.routes, state.updated.hash) || !isCarried(state.routes) ? undefined : lower(state, 0),
  },
  {
    when: 'canary does not select C, w = 0, no h',
    change: 'canary selects C',
    needs: 'in effect',
    move: state => {
      const { routes, updated, inEffect, here } = state;
      if (canarySelects(routes, updated.hash)) return undefined;
      if (!inEffect) return settling(state, here);
      return { ...here, canary: updated.hash, wait: forService('canary', state, updated) };
    },
  },
  {
    when: 'w above the weight that the steps allow',
    change: 'w → that weight',
    needs: 'S can carry it, or as far as possible',
    move: state => (state.routes.weight > state.goal.weight ? lower(state, state.goal.weight) : undefined),
  },
  {
    when: 'w > 0 or h, no pod of C is available, r > 0',
    change: 'w → 0, h off',
    needs: 'S can carry it, or as far as possible',
    move: state => {
      const { routes, updated, r, goal } = state;
      if (!isCarried(routes) || updated.available > 0 || r === 0) return undefined;
      return { ...lower(state, 0), wait: goal.blocked ?? forWeight(state.routes, goal.weight) };
    },
  },
  {
    when: 'w or h differs from the step, or the routes differ',
    change: "w → the step's weight, h as set by the steps",
    needs: "in effect; C has the step's pods, S has the pods for its current share; no hold; no router refuses",
    move: state => {
      const { routes, goal, here, inEffect } = state;
      const { weight, managed, blocked } = goal;
      if (routes.weight === weight && routes.agreed && sameRoutes(managed, routes)) return undefined;
      if (blocked) return { ...here, wait: blocked };
      if (!inEffect) return settling(state, here);
      return { ...here, weight, towards: weight, managed, wait: forWeight(state.routes, weight) };
    },
  },
  {
    when: 'steps done, w = M',
    change: 'stable selects C',
    needs: 'in effect; C has r pods',
    move: state => {
      const { goal, here, inEffect, updated } = state;
      if (!goal.stepsDone) return undefined;
      if (goal.blocked) return { ...here, wait: goal.blocked };
      if (!inEffect) return settling(state, here);
      return { ...here, stable: updated.hash, wait: forService('stable', state, updated) };
    },
  },
  {
    when: 'everything is as the step requires',
    change: '–',
    needs: '',
    move: ({ here }) => here,
  },
];

/** The steps are done, and the stable destination already selects C. */
function servedByUpdated({ goal, routes, updated }: Forward): boolean {
  return goal.stepsDone && stableSelects(routes, updated.hash, 'all');
}

/** Reduces the weight to `to`, or as far as stable can carry the rest. */
function lower(state: Forward, to: number): TrafficMove {
  const { routes, lowest, here } = state;
  const weight = Math.min(routes.weight, Math.max(to, lowest));
  return { ...here, weight, towards: to, managed: to === 0 ? [] : here.managed, wait: forWeight(state.routes, to) };
}
