import type { KubeObject } from '../../metacontroller/object.js';
import { type RouteName, routeChild } from '../child.js';
import type { RouterContext, TrafficTarget } from '../router.js';
import { pairOf } from '../weights.js';
import type { SmiConfig } from './schema.js';

export function splitName({ apiVersion, trafficSplitName }: SmiConfig): RouteName {
  return { apiVersion, kind: 'TrafficSplit', name: trafficSplitName };
}

export function smiDesired(config: SmiConfig, target: TrafficTarget, context: RouterContext): readonly KubeObject[] {
  const { stable, canary } = pairOf(target);
  // Weights were quantities in v1alpha1, whole numbers since.
  const weight = (share: number) => (config.apiVersion === 'split.smi-spec.io/v1alpha1' ? String(share) : share);
  const backends = [
    { service: context.stableService, weight: weight(stable) },
    { service: context.canaryService, weight: weight(canary) },
  ];
  return [routeChild(context, { ...splitName(config), spec: { service: config.rootService, backends } })];
}
