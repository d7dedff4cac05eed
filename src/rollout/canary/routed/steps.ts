/** A routed canary's steps and the next move of its traffic. */

import { roleSetsOf } from '../../../observe/roleSets.js';
import { canCarry } from '../../capacity/selections.js';
import { isRunning } from '../../revisions.js';
import type { CanaryArrival } from '../../steps/advance.js';
import { forPods, type Wait } from '../../wait.js';
import { weightAt } from '../pods/podCanary.js';
import { canaryPodsAt, managedRoutesAt, podsForWeight, podsToCarry, weightForPods } from './replicas.js';
import { canarySelects, type Move, moveBack, moveForward, stableSelects, type TrafficState } from './transition.js';
import type { View } from './view.js';

/** What a step other than a pause or an analysis still waits for: the pods, and the weight in effect that they carry. */
export function stepWait({ strategy, turn, scale, routes, settled }: View, i: number): Wait | undefined {
  const { steps } = strategy;
  const weight = weightAt(steps, i, scale.maxWeight);
  const lacking = forPods('canary', turn.situation.updated, canaryPodsAt(steps, i, weight, scale));
  if (lacking) return lacking;
  const managed = managedRoutesAt(steps, i).map(({ name }) => name);
  const there =
    routes.agreed &&
    routes.weight === weight &&
    canarySelects(routes, turn.situation.updated.hash) &&
    managed.length === routes.managed.length &&
    managed.every(name => routes.managed.includes(name));
  if (!there) return { reason: 'WaitingForRoute', observed: routes.agreed ? routes.weight : undefined, wanted: weight };
  return settled.inEffect ? undefined : { reason: 'WaitingForRouteToSettle', until: settled.at };
}

export function nextMove(view: View, arrival: CanaryArrival): Move {
  const { turn, routes, settled, scale, strategy, stable } = view;
  const { updated } = turn.situation;
  const { steps } = strategy;
  const available = roleSetsOf(stable).available;
  const state: TrafficState = {
    routes,
    inEffect: settled.inEffect,
    settledAt: settled.at,
    services: { stable: strategy.stableService, canary: strategy.canaryService },
    stable: { hash: stable.hash, available },
    updated: { hash: updated.hash, available: roleSetsOf(updated).available },
    r: scale.r,
    lowest: scale.maxWeight - weightForPods(available, scale),
  };
  if (!turn.situation.stable) return firstDeployment(view);
  if (view.goingBack || !isRunning(turn.situation)) return moveBack(state);
  const weight = weightAt(steps, arrival.due, scale.maxWeight);
  const stepsDone = arrival.due >= steps.length;
  const move = moveForward(state, {
    weight,
    managed: managedRoutesAt(steps, arrival.due),
    blocked: blocked(view, arrival, weight),
    stepsDone: stepsDone && !turn.held,
  });
  if (stepsDone || arrival.step < steps.length) return move;
  return { ...move, wait: { reason: 'WaitingForService', service: strategy.stableService, revision: updated.hash } };
}

/** What stands in the way of more weight on the canary. */
function blocked(view: View, arrival: CanaryArrival, weight: number): Wait | undefined {
  const { turn, strategy, scale, routes, stable } = view;
  const { updated } = turn.situation;
  if (turn.held) return { reason: 'RolloutPaused', by: turn.held };
  if (turn.stop) return turn.stop;
  const refused = routerWait(view);
  if (refused) return refused;
  const wanted = canaryPodsAt(strategy.steps, arrival.due, weight, scale);
  const carrying = podsToCarry(strategy.steps, arrival.due, weight, scale);
  const lacking = forPods('canary', updated, Math.max(wanted, carrying));
  if (lacking) return lacking;
  if (stableSelects(routes, updated.hash, 'all')) return undefined;
  return forPods('stable', stable, podsForWeight(scale.maxWeight - routes.weight, scale));
}

/** Nothing was served before, so the Services select the first revision from the start. */
function firstDeployment(view: View): Move {
  const { turn, routes } = view;
  const { updated } = turn.situation;
  const here = { weight: 0, towards: 0, managed: [] };
  const free = !routes.stable.some(selection => selection !== undefined && selection !== updated.hash);
  if (!free && !canCarry(turn, updated.hash)) {
    const wait = forPods('pods', updated, view.scale.r);
    return { ...here, stable: 'as observed', canary: 'as observed', ...(wait && { wait }) };
  }
  const wait = forPods('pods', updated, view.scale.r);
  return { ...here, stable: updated.hash, canary: updated.hash, ...(wait ? { wait } : { done: true }) };
}

/** A router that cannot carry anything: nothing moves, and the reason is said. */
export function routerWait({ routes }: View): Wait | undefined {
  const [unwatched] = routes.unwatched;
  if (unwatched) return { reason: 'RouterNotWatched', ...unwatched };
  return routes.refused === undefined ? undefined : { reason: 'RouteRefused', message: routes.refused };
}

export function lackingStable(view: View): Wait | undefined {
  const { turn, stable, scale } = view;
  if (isRunning(turn.situation) && !view.goingBack) return undefined;
  return forPods(view.goingBack ? 'stable' : 'pods', stable, scale.r);
}
