/**
 * Pods of a canary whose traffic is routed. The weight w of M needs ⌈w·r/M⌉ pods; setCanaryScale decouples the two
 * until it says matchTrafficWeight.
 */
import type { Step } from '../../../api/spec.js';
import type { ManagedRoute } from '../../../routers/router.js';

export interface Scale {
  /** spec.replicas. */
  readonly r: number;
  readonly maxWeight: number;
  /** What a revision that has pods at all must have at the least. */
  readonly minPods: number;
}

/** Pods that a share of the traffic needs: w in 0..maxWeight. */
export function podsForWeight(weight: number, { r, maxWeight }: Scale): number {
  return Math.ceil((weight * r) / maxWeight);
}

/** The largest weight that so many available pods can carry. */
export function weightForPods(pods: number, { r, maxWeight }: Scale): number {
  return r === 0 ? maxWeight : Math.min(maxWeight, Math.floor((pods * maxWeight) / r));
}

/** Raises a count that is not 0 to the least that a revision must have, r at the most. */
export function atLeast(pods: number, { minPods, r }: Scale): number {
  return pods === 0 ? 0 : Math.min(Math.max(pods, minPods), r);
}

/** Canary pods that step i wants, and no more than r; all of r when the steps are done. */
export function canaryPodsAt(steps: readonly Step[], i: number, weight: number, scale: Scale): number {
  if (i >= steps.length) return scale.r;
  const explicit = explicitScale(steps, i, scale);
  // A weight or a route needs somebody to serve it, whatever the scale says.
  const least = weight > 0 || managedRoutesAt(steps, i).length > 0 ? 1 : 0;
  if (explicit === undefined) return atLeast(Math.max(podsForWeight(weight, scale), least), scale);
  return Math.min(scale.r, Math.max(explicit, least));
}

/** Canary pods without which `weight` must not be carried at step i. */
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

/** Header and mirror routes that are set once step i is reached. None when the steps are done. */
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
