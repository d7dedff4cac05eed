/** The waits of a routed canary's steps, and the next change of its traffic. */
import { roleSetsOf } from '../../../observe/roleSets.js';
import { canCarry } from '../../capacity/selections.js';
import { goesBack } from '../../context.js';
import { isRunning } from '../../revisions.js';
import type { CanaryArrival } from '../../steps/advance.js';
import { weightAt } from '../../steps/list.js';
import { forPods, type Wait } from '../../wait.js';
import { moveBack } from './back.js';
import { moveForward } from './forward.js';
import { canaryPodsAt, managedRoutesAt, podsForWeight, podsToCarry, weightForPods } from './replicas.js';
import type { RoutedContext } from './routedContext.js';
import { canarySelects, forWeight, stableSelects, type TrafficMove, type TrafficState } from './transition.js';

/** The wait of a step other than a pause or an analysis: for its pods, then for its weight to be in effect. */
export function stepWait({ strategy, revisions, scale, routes, settled }: RoutedContext, i: number): Wait | undefined {
  const { steps } = strategy;
  const weight = weightAt(steps, i, scale.maxWeight);
  const lacking = forPods('canary', revisions.updated, canaryPodsAt(steps, i, weight, scale));
  if (lacking) return lacking;
  const managed = managedRoutesAt(steps, i).map(({ name }) => name);
  const there =
    routes.agreed &&
    routes.weight === weight &&
    canarySelects(routes, revisions.updated.hash) &&
    managed.length === routes.managed.length &&
    managed.every(name => routes.managed.includes(name));
  if (!there) return forWeight(routes, weight);
  return settled.inEffect ? undefined : { reason: 'WaitingForRouteToSettle', until: settled.at };
}

export function nextMove(context: RoutedContext, arrival: CanaryArrival): TrafficMove {
  const { revisions, routes, settled, scale, strategy, serving, held } = context;
  const { updated } = revisions;
  const { steps } = strategy;
  const available = roleSetsOf(serving).available;
  const state: TrafficState = {
    routes,
    inEffect: settled.inEffect,
    settledAt: settled.at,
    services: { stable: strategy.stableService, canary: strategy.canaryService },
    stable: { hash: serving.hash, available },
    updated: { hash: updated.hash, available: roleSetsOf(updated).available },
    r: scale.r,
    lowest: scale.maxWeight - weightForPods(available, scale),
  };
  if (!revisions.stable) return firstDeployment(context);
  if (goesBack(context) || !isRunning(revisions)) return moveBack(state);
  const weight = weightAt(steps, arrival.due, scale.maxWeight);
  const stepsDone = arrival.due >= steps.length;
  const move = moveForward(state, {
    weight,
    managed: managedRoutesAt(steps, arrival.due),
    blocked: blocked(context, arrival, weight),
    stepsDone: stepsDone && !held,
  });
  if (stepsDone || arrival.step < steps.length) return move;
  return { ...move, wait: { reason: 'WaitingForService', service: strategy.stableService, revision: updated.hash } };
}

/** What blocks a higher canary weight. */
function blocked(context: RoutedContext, arrival: CanaryArrival, weight: number): Wait | undefined {
  const { revisions, strategy, scale, routes, serving, held, stop } = context;
  const { updated } = revisions;
  if (held) return { reason: 'RolloutPaused', by: held };
  if (stop) return stop;
  const refused = routerWait(context);
  if (refused) return refused;
  const wanted = canaryPodsAt(strategy.steps, arrival.due, weight, scale);
  const carrying = podsToCarry(strategy.steps, arrival.due, weight, scale);
  const lacking = forPods('canary', updated, Math.max(wanted, carrying));
  if (lacking) return lacking;
  if (stableSelects(routes, updated.hash, 'all')) return undefined;
  return forPods('stable', serving, podsForWeight(scale.maxWeight - routes.weight, scale));
}

/** A first deployment: the Services select its revision from the start. */
function firstDeployment(context: RoutedContext): TrafficMove {
  const { revisions, routes, scale } = context;
  const { updated } = revisions;
  const here = { weight: 0, towards: 0, managed: [] };
  const free = !routes.stable.some(selection => selection !== undefined && selection !== updated.hash);
  const wait = forPods('pods', updated, scale.r);
  if (!free && !canCarry(context, updated.hash)) {
    return { ...here, stable: 'as observed', canary: 'as observed', ...(wait && { wait }) };
  }
  return { ...here, stable: updated.hash, canary: updated.hash, ...(wait ? { wait } : { done: true }) };
}

/** A router that cannot work: nothing changes, and the message has the reason. */
export function routerWait({ routes }: RoutedContext): Wait | undefined {
  const [unwatched] = routes.unwatched;
  if (unwatched) return { reason: 'RouterNotWatched', ...unwatched };
  return routes.refused === undefined ? undefined : { reason: 'RouteRefused', message: routes.refused };
}

export function stableWait(context: RoutedContext): Wait | undefined {
  const { revisions, serving, scale } = context;
  const goingBack = goesBack(context);
  if (isRunning(revisions) && !goingBack) return undefined;
  return forPods(goingBack ? 'stable' : 'pods', serving, scale.r);
}
