/**
 * The rows of a rollback to S before C is promoted (an abort, a template reset to S, another configuration), and of an
 * idle StormService. Letters as in transition.ts.
 */
import { firstMove, type Row } from '../../rows.js';
import {
  canarySelects,
  forService,
  forWeight,
  isCarried,
  settling,
  stableSelects,
  stay,
  type TrafficMove,
  type TrafficState,
} from './transition.js';

interface Back extends TrafficState {
  readonly here: TrafficMove;
  /** Whether the stable and the canary destination select S. */
  readonly stableOnS: boolean;
  readonly canaryOnS: boolean;
}

export function moveBack(state: TrafficState): TrafficMove {
  const { routes, stable } = state;
  return firstMove(BACK, {
    ...state,
    here: { ...stay(state, []), towards: 0 },
    stableOnS: stableSelects(routes, stable.hash, 'all'),
    canaryOnS: canarySelects(routes, stable.hash),
  });
}

export const BACK: readonly Row<Back, TrafficMove>[] = [
  {
    when: 'stable and canary select S, not in effect yet: all traffic goes to S whatever w is',
    change: '–',
    needs: '',
    move: state => (state.stableOnS && state.canaryOnS && !state.inEffect ? settling(state, state.here) : undefined),
  },
  {
    when: 'S has fewer than r pods',
    change: 'h off; w → as far as S can carry it, if stable selects S; S scales up to r',
    needs: '',
    move: state => {
      const { routes, stable, r, lowest, stableOnS, here } = state;
      if (stable.available >= r) return undefined;
      const weight = stableOnS ? Math.min(routes.weight, lowest) : routes.weight;
      return { ...here, weight, wait: forWeight(state.routes, 0) };
    },
  },
  {
    when: 'stable does not select S, canary does: all traffic of the canary goes to S, so nothing is urgent',
    change: 'stable selects S',
    needs: 'S has r pods',
    move: state => (!state.stableOnS && state.canaryOnS ? stableToS(state) : undefined),
  },
  {
    when: 'stable does not select S',
    change: 'stable selects S and w → 0, h off, in one sync: each change only reduces the share of C',
    needs: 'S has r pods',
    move: state => (state.stableOnS ? undefined : { ...stableToS(state), weight: 0 }),
  },
  {
    when: 'w > 0 or h, or the routes differ',
    change: 'w → 0, h off',
    needs: 'S has r pods',
    move: state => {
      const { routes, here } = state;
      return isCarried(routes) || !routes.agreed ? { ...here, weight: 0, wait: forWeight(state.routes, 0) } : undefined;
    },
  },
  {
    when: 'canary does not select S, w = 0, no h',
    change: 'canary selects S',
    needs: 'in effect',
    move: state => {
      const { stable, canaryOnS, inEffect, here } = state;
      if (canaryOnS) return undefined;
      if (!inEffect) return settling(state, here);
      return { ...here, canary: stable.hash, wait: forService('canary', state, stable) };
    },
  },
  {
    when: 'stable and canary select S, w = 0, no h',
    change: '–',
    needs: 'in effect',
    move: ({ here }) => ({ ...here, done: true }),
  },
];

function stableToS(state: Back): TrafficMove {
  return { ...state.here, stable: state.stable.hash, wait: forService('stable', state, state.stable) };
}
