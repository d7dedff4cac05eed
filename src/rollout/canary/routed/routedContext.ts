/** The context of a routed canary, with its observed routes. */

import type { RoutedStrategy } from '../../../api/strategy/trafficRouting.js';
import { foreignRoutes } from '../../../observe/foreignRoutes.js';
import type { Revision } from '../../../observe/revisions.js';
import { observeRoutes, type Routes, routerContext } from '../../../observe/routes.js';
import { desiredRoutes } from '../../../routers/routers.js';
import type { Context } from '../../context.js';
import { type Settled, settle } from '../../settle.js';

export interface RoutedContext extends Context {
  readonly strategy: RoutedStrategy;
  readonly scale: Scale;
  readonly routes: Routes;
  readonly settled: Settled;
  /** Route objects of another configuration still exist, and may send requests to any revision. */
  readonly foreign: boolean;
  /** The serving revision: stable, or the first one if there is none yet. */
  readonly serving: Revision;
}

export interface Scale {
  /** spec.replicas. */
  readonly r: number;
  readonly maxWeight: number;
  /** Minimum for a revision that has pods. */
  readonly minPods: number;
}

export function withRoutes(context: Context, strategy: RoutedStrategy): RoutedContext {
  const { observation, revisions, now } = context;
  const { maxTrafficWeight: maxWeight, settleSeconds } = strategy.trafficRouting;
  const routes = observeRoutes(observation, strategy);
  const serving = revisions.stable ?? revisions.updated;
  const idle = { weight: 0, maxWeight, routes: [], stableRevision: serving.hash, canaryRevision: serving.hash };
  const own = desiredRoutes(strategy.trafficRouting.routers, idle, routerContext(observation, strategy));
  return {
    ...context,
    strategy,
    scale: { r: observation.spec.replicas, maxWeight, minPods: strategy.minPodsPerReplicaSet },
    routes,
    settled: settle(routes.state, observation.memory, settleSeconds, now),
    foreign: foreignRoutes(observation.children, own).length > 0,
    serving,
  };
}

/** Whether any observed route can still send requests to a revision. */
export function isReachable({ routes, settled, foreign }: RoutedContext, { hash }: Revision): boolean {
  const carried = routes.weight > 0 || routes.managed.length > 0;
  return !settled.inEffect || foreign || routes.stable.includes(hash) || (carried && routes.canary.includes(hash));
}
