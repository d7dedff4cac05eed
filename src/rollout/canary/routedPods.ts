/** Role sets of the revisions of a routed canary: pods come before the traffic and leave after it. */

import { updatedBefore } from '../../observe/counts.js';
import { roleSetsOf } from '../../observe/roleSets.js';
import type { ScaleDown } from '../../status/bookkeeping.js';
import { deadlineAfter } from '../leaving.js';
import { isRunning } from '../situation.js';
import type { CanaryArrival } from '../walk.js';
import { atLeast, canaryPodsAt, podsForWeight, podsToCarry } from './canaryScale.js';
import { weightAt } from './podCanary.js';
import { isReachable, type View } from './routedView.js';
import { type Move, stableSelects } from './transition.js';

/**
 * Role sets of stable. All of r, unless stable follows the traffic: then what the larger of the shares that it has and
 * that it will have needs, and nothing goes before the routes have settled. One stays for as long as the stable Service
 * selects it: clients that bypass the router are there.
 */
export function stableSets(view: View, move: Move): number {
  const { strategy, scale, routes, settled, stable, turn } = view;
  if (!strategy.dynamicStableScale || !isRunning(turn.situation) || view.goingBack) return scale.r;
  const { spec } = roleSetsOf(stable);
  // Nobody is sent to it any more: what is left of it waits for its end.
  if (stableSelects(routes, turn.situation.updated.hash, 'all')) return Math.min(scale.r, spec);
  const needed = podsForWeight(scale.maxWeight - Math.min(routes.weight, move.towards), scale);
  const wanted = atLeast(Math.max(needed, Math.min(1, scale.r)), scale);
  const mayShrink = settled.inEffect && routes.agreed;
  return Math.min(scale.r, mayShrink ? wanted : Math.max(wanted, spec));
}

/** Role sets of the updated revision: what the step wants, and never less than what it carries now. */
export function updatedSets(view: View, arrival: CanaryArrival): number {
  const { turn, strategy, scale, routes, settled } = view;
  const { updated } = turn.situation;
  if (!isRunning(turn.situation)) return scale.r;
  const { spec } = roleSetsOf(updated);
  const weight = weightAt(strategy.steps, arrival.due, scale.maxWeight);
  const wanted = canaryPodsAt(strategy.steps, arrival.due, weight, scale);
  const allowed = turn.held ? Math.min(wanted, Math.max(spec, updatedBefore(turn.observation))) : wanted;
  if (allowed >= spec) return allowed;
  const carrying = settled.inEffect && routes.agreed ? carried(view, arrival, weight) : scale.r;
  return Math.max(allowed, Math.min(spec, carrying));
}

/** What the updated revision carries as observed. A canary scale of the step speaks for the step's weight, not for more. */
function carried({ routes, scale, strategy, turn }: View, { due }: CanaryArrival, allowed: number): number {
  if (stableSelects(routes, turn.situation.updated.hash, 'any')) return scale.r;
  const { weight, managed } = routes;
  const pods = weight > allowed ? podsForWeight(weight, scale) : podsToCarry(strategy.steps, due, weight, scale);
  return Math.max(pods, managed.length > 0 ? 1 : 0);
}

/** The updated revision's pods after an abort: they stay until nobody is sent there, stable is whole, the delay over. */
export function afterAbort(view: View): {
  readonly sets: number;
  readonly scaleDownAt: readonly (readonly [string, ScaleDown])[];
} {
  const { turn, strategy, scale, stable } = view;
  const { updated } = turn.situation;
  const { spec } = roleSetsOf(updated);
  const stays = { sets: Math.min(spec, scale.r), scaleDownAt: [] };
  const whole = roleSetsOf(stable).available >= scale.r;
  const delay = strategy.abortScaleDownDelaySeconds;
  if (spec === 0 || delay === 0 || !whole || isReachable(view, updated)) return stays;
  const at = turn.observation.memory.scaleDownAt.get(updated.hash)?.at ?? deadlineAfter(delay, turn.now);
  return { sets: turn.now < at ? stays.sets : 0, scaleDownAt: [[updated.hash, { at, wasStable: false }]] };
}
