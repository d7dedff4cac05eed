/**
 * Pods of a canary with traffic routing. The weight w of M needs ⌈w·r/M⌉ pods; setCanaryScale decouples the two until
 * matchTrafficWeight.
 */
import type { Step } from '../../../api/spec.js';
import { updatedBefore } from '../../../observe/counts.js';
import { roleSetsOf } from '../../../observe/roleSets.js';
import type { ManagedRoute } from '../../../routers/router.js';
import { goesBack } from '../../context.js';
import { isRunning } from '../../revisions.js';
import type { CanaryArrival } from '../../steps/advance.js';
import { weightAt } from '../../steps/list.js';
import type { RoutedContext, Scale } from './routedContext.js';
import { stableSelects, type TrafficMove } from './transition.js';

/**
 * Role sets of stable: r, unless stable follows the traffic: then those for the larger of its current and its next share,
 * and none is removed before the routes have settled. One stays while the stable Service selects it, for clients that
 * bypass the router.
 */
export function stableSets(context: RoutedContext, move: TrafficMove): number {
  const { strategy, scale, routes, settled, serving, revisions } = context;
  if (!strategy.dynamicStableScale || !isRunning(revisions) || goesBack(context)) return scale.r;
  const { spec } = roleSetsOf(serving);
  // It has no traffic any more: its pods only wait for their removal.
  if (stableSelects(routes, revisions.updated.hash, 'all')) return Math.min(scale.r, spec);
  const needed = podsForWeight(scale.maxWeight - Math.min(routes.weight, move.towards), scale);
  const wanted = atLeast(Math.max(needed, Math.min(1, scale.r)), scale);
  const mayShrink = settled.inEffect && routes.agreed;
  return Math.min(scale.r, mayShrink ? wanted : Math.max(wanted, spec));
}

/** Role sets of the updated revision: those of the step, and at least those for its current traffic. */
export function updatedSets(context: RoutedContext, arrival: CanaryArrival): number {
  const { revisions, strategy, scale, routes, settled, held, observation } = context;
  const { updated } = revisions;
  if (!isRunning(revisions)) return scale.r;
  const { spec } = roleSetsOf(updated);
  const weight = weightAt(strategy.steps, arrival.due, scale.maxWeight);
  const wanted = canaryPodsAt(strategy.steps, arrival.due, weight, scale);
  const allowed = held ? Math.min(wanted, Math.max(spec, updatedBefore(observation))) : wanted;
  if (allowed >= spec) return allowed;
  const carrying = settled.inEffect && routes.agreed ? carried(context, arrival, weight) : scale.r;
  return Math.max(allowed, Math.min(spec, carrying));
}

/** Role sets for the observed traffic of the updated revision. A canary scale applies only to the weight of its step. */
function carried(
  { routes, scale, strategy, revisions }: RoutedContext,
  { due }: CanaryArrival,
  allowed: number,
): number {
  if (stableSelects(routes, revisions.updated.hash, 'any')) return scale.r;
  const { weight, managed } = routes;
  const pods = weight > allowed ? podsForWeight(weight, scale) : podsToCarry(strategy.steps, due, weight, scale);
  return Math.max(pods, managed.length > 0 ? 1 : 0);
}

/** Pods for a share of the traffic: w in 0..maxWeight. */
export function podsForWeight(weight: number, { r, maxWeight }: Scale): number {
  return Math.ceil((weight * r) / maxWeight);
}

/** The largest weight that this many available pods can carry. */
export function weightForPods(pods: number, { r, maxWeight }: Scale): number {
  return r === 0 ? maxWeight : Math.min(maxWeight, Math.floor((pods * maxWeight) / r));
}

/** Raises a count other than 0 to the minimum of a revision, at most r. */
export function atLeast(pods: number, { minPods, r }: Scale): number {
  return pods === 0 ? 0 : Math.min(Math.max(pods, minPods), r);
}

/** Canary pods of step i, at most r; r if the steps are done. */
export function canaryPodsAt(steps: readonly Step[], i: number, weight: number, scale: Scale): number {
  if (i >= steps.length) return scale.r;
  const explicit = explicitScale(steps, i, scale);
  // A weight or a route needs a pod, whatever the scale.
  const least = weight > 0 || managedRoutesAt(steps, i).length > 0 ? 1 : 0;
  if (explicit === undefined) return atLeast(Math.max(podsForWeight(weight, scale), least), scale);
  return Math.min(scale.r, Math.max(explicit, least));
}

/** Canary pods required for `weight` at step i. */
export function podsToCarry(steps: readonly Step[], i: number, weight: number, scale: Scale): number {
  const explicit = i < steps.length ? explicitScale(steps, i, scale) : undefined;
  const needed = podsForWeight(weight, scale);
  return explicit === undefined ? needed : Math.min(needed, Math.max(explicit, weight > 0 ? 1 : 0));
}

function explicitScale(steps: readonly Step[], i: number, scale: Scale): number | undefined {
  const last = steps.slice(0, i + 1).findLast(step => step.action === 'setCanaryScale');
  if (last?.action !== 'setCanaryScale') return undefined;
  switch (last.scale.by) {
    case 'replicas':
      return last.scale.replicas;
    case 'weight':
      return podsForWeight(last.scale.weight, scale);
    case 'traffic':
      return undefined;
    default:
      return last.scale satisfies never;
  }
}

/** Header and mirror routes at step i. None if the steps are done. */
export function managedRoutesAt(steps: readonly Step[], i: number): readonly ManagedRoute[] {
  if (i >= steps.length) return [];
  const routes = new Map<string, ManagedRoute>();
  for (const step of steps.slice(0, i + 1)) {
    if (step.action !== 'setHeaderRoute' && step.action !== 'setMirrorRoute') continue;
    routes.delete(step.name);
    if (step.match.length > 0) routes.set(step.name, step);
  }
  return [...routes.values()];
}
