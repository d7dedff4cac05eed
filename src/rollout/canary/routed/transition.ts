/**
 * How traffic moves. One sync changes at most one thing that carries traffic, and only when everything it relies on is
 * observed; both "applied" and "not applied" are rows of this table, so half of an answer, a repeated one or a lost
 * status just re-enter the row that is true. S is the stable revision, C the one of the present template, w the observed
 * canary weight, h header or mirror routes towards the canary. "In effect": observed for settleSeconds.
 *
 *   #  state                                     next change                needs
 *   0  stable selects neither S nor, with the    as going back: a, b
 *      steps done, C: left from an earlier life
 *   1  canary does not select C; w > 0 or h      w → 0, h off               S can carry it, or as far as it can
 *   2  canary does not select C; w = 0, no h     canary selects C           in effect
 *   3  w above what the steps allow              w → allowed                S can carry it, or as far as it can
 *   4  w > 0 or h, r > 0, no pod of C available  w → 0, h off               as 3
 *   5  w below the step's weight, or h differs   w → weight, h as steps say canary = C in effect; C has the step's pods
 *   6  steps done, w = M                         stable selects C           in effect; C has r pods
 *   7  stable selects C                          w → 0, h off               in effect
 *   8  stable selects C, w = 0, no h             C is stable                in effect
 *
 *   going back (abort, template at S) until row 8 was written:
 *   a  S has r pods                              stable selects S, w → 0, h off, in one sync: any half of it only
 *                                                takes from C
 *   b  S has fewer                               w as low as S can carry; S grows
 *   c  w = 0, no h                               canary selects S           in effect
 *   d  canary selects S: nothing is urgent       stable selects S; w → 0    one after the other, in effect
 */

import type { Routes } from '../../../observe/routes.js';
import type { ManagedRoute } from '../../../routers/router.js';
import type { Wait } from '../../wait.js';

/** A revision as far as traffic is concerned. */
export interface Carrier {
  readonly hash: string;
  /** Role sets available. */
  readonly available: number;
}

export interface TrafficState {
  readonly routes: Routes;
  readonly inEffect: boolean;
  readonly settledAt: number;
  readonly services: { readonly stable: string; readonly canary: string };
  readonly stable: Carrier;
  readonly updated: Carrier;
  /** spec.replicas: what a revision needs to carry everything. */
  readonly r: number;
  /** The smallest canary weight that S, with the pods it has, leaves to the canary. */
  readonly lowest: number;
}

/** What the steps ask of the traffic. */
export interface StepTraffic {
  /** What the steps passed so far allow. */
  readonly weight: number;
  readonly managed: readonly ManagedRoute[];
  /** What stands in the way of more: pods, a hold. */
  readonly blocked: Wait | undefined;
  readonly stepsDone: boolean;
}

export interface TrafficMove {
  /** What stable and canary destinations shall select; 'as observed': whatever each of them selects now. */
  readonly stable: string | 'as observed';
  readonly canary: string | 'as observed';
  readonly weight: number;
  /** Where the weight is going once pods can carry it: they have to come first. */
  readonly towards: number;
  readonly managed: readonly ManagedRoute[];
  readonly wait?: Wait;
  /** Row 8, or c: nothing is left to move. */
  readonly done?: boolean;
}

/** One row: the next change if the row is true, undefined if it is not. */
type Row = (state: TrafficState, goal: StepTraffic, here: TrafficMove) => TrafficMove | undefined;

/** The next move of a running rollout: that of the first row that is true. */
export function moveForward(state: TrafficState, goal: StepTraffic): TrafficMove {
  const here = stay(
    state,
    goal.managed.filter(({ name }) => state.routes.managed.includes(name)),
  );
  for (const row of FORWARD) {
    const move = row(state, goal, here);
    if (move) return move;
  }
  return here;
}

const FORWARD: readonly Row[] = [
  /** Row 0. */
  function astray(state, { stepsDone }) {
    const right = [undefined, state.stable.hash, ...(stepsDone ? [state.updated.hash] : [])];
    return state.routes.stable.every(selection => right.includes(selection)) ? undefined : moveBack(state);
  },

  /** Rows 7 and 8: C is served through the stable destination already. */
  function finish(state, { stepsDone }, here) {
    if (!stepsDone || !stableSelects(state.routes, state.updated.hash, 'all')) return undefined;
    if (!state.inEffect) return settling(state, here);
    return isCarried(state.routes)
      ? { ...here, weight: 0, towards: 0, managed: [], wait: forWeight(state, 0) }
      : { ...here, done: true };
  },

  /** Rows 1 and 2. */
  function selectCanary(state, _, here) {
    const { routes, updated, inEffect } = state;
    if (canarySelects(routes, updated.hash)) return undefined;
    if (isCarried(routes)) return lower(state, here, 0);
    return inEffect
      ? { ...here, canary: updated.hash, wait: forService('canary', state, updated) }
      : settling(state, here);
  },

  /** Row 3. */
  function lowerToAllowed(state, { weight }, here) {
    return state.routes.weight > weight ? lower(state, here, weight) : undefined;
  },

  /** Row 4. */
  function loseCapacity(state, { blocked, weight }, here) {
    if (!isCarried(state.routes) || state.updated.available > 0 || state.r === 0) return undefined;
    return { ...lower(state, here, 0), wait: blocked ?? forWeight(state, weight) };
  },

  /** Row 5. */
  function raise(state, goal, here) {
    const { routes } = state;
    if (routes.weight === goal.weight && routes.agreed && sameRoutes(goal, routes)) return undefined;
    if (goal.blocked) return { ...here, wait: goal.blocked };
    if (!state.inEffect) return settling(state, here);
    const { weight, managed } = goal;
    return { ...here, weight, towards: weight, managed, wait: forWeight(state, weight) };
  },

  /** Row 6. */
  function promote(state, { stepsDone, blocked }, here) {
    if (!stepsDone) return undefined;
    if (blocked) return { ...here, wait: blocked };
    return state.inEffect
      ? { ...here, stable: state.updated.hash, wait: forService('stable', state, state.updated) }
      : settling(state, here);
  },
];

/** The next move towards S alone: going back, and what keeps an idle StormService as it should be. */
export function moveBack(state: TrafficState): TrafficMove {
  const { routes, stable, lowest } = state;
  const here = { ...stay(state, []), towards: 0 };
  const onStable = stableSelects(routes, stable.hash, 'all');
  const onlyStable = canarySelects(routes, stable.hash);
  const toStable = { ...here, stable: stable.hash, wait: forService('stable', state, stable) };
  if (onStable && onlyStable && !state.inEffect) return settling(state, here);
  if (stable.available < state.r) {
    const weight = onStable ? Math.min(routes.weight, lowest) : routes.weight;
    return { ...here, weight, wait: forWeight(state, 0) };
  }
  if (!onStable) return onlyStable ? toStable : { ...toStable, weight: 0 };
  if (isCarried(routes) || !routes.agreed) return { ...here, weight: 0, wait: forWeight(state, 0) };
  if (!state.inEffect) return settling(state, here);
  return onlyStable
    ? { ...here, done: true }
    : { ...here, canary: stable.hash, wait: forService('canary', state, stable) };
}

/** Whether a move, once applied, changes where requests go. */
export function changesTraffic({ stable, canary, weight, managed }: TrafficMove, routes: Routes): boolean {
  return (
    weight !== routes.weight ||
    !sameRoutes({ managed }, routes) ||
    (stable !== 'as observed' && !stableSelects(routes, stable, 'all')) ||
    (canary !== 'as observed' && !canarySelects(routes, canary))
  );
}

function stay({ routes }: TrafficState, managed: TrafficMove['managed']): TrafficMove {
  return { stable: 'as observed', canary: 'as observed', weight: routes.weight, towards: routes.weight, managed };
}

/** Down to `to`, or as far as stable can carry the rest. */
function lower(state: TrafficState, here: TrafficMove, to: number): TrafficMove {
  const weight = Math.min(state.routes.weight, Math.max(to, state.lowest));
  return { ...here, weight, towards: to, managed: to === 0 ? [] : here.managed, wait: forWeight(state, to) };
}

function isCarried({ weight, managed }: Routes): boolean {
  return weight > 0 || managed.length > 0;
}

function sameRoutes({ managed }: Pick<StepTraffic, 'managed'>, routes: Routes): boolean {
  return managed.length === routes.managed.length && managed.every(({ name }) => routes.managed.includes(name));
}

export function canarySelects({ canary }: Routes, hash: string): boolean {
  return canary.every(selection => selection === hash);
}

export function stableSelects({ stable }: Routes, hash: string, how: 'any' | 'all'): boolean {
  return how === 'all' ? stable.every(selection => selection === hash) : stable.includes(hash);
}

function settling({ settledAt }: TrafficState, here: TrafficMove): TrafficMove {
  return { ...here, wait: { reason: 'WaitingForRouteToSettle', until: settledAt } };
}

function forWeight({ routes }: TrafficState, wanted: number): Wait {
  return { reason: 'WaitingForRoute', observed: routes.agreed ? routes.weight : undefined, wanted };
}

function forService(side: 'stable' | 'canary', { services }: TrafficState, { hash }: Carrier): Wait {
  return { reason: 'WaitingForService', service: services[side], revision: hash };
}
