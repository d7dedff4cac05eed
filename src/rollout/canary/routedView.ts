/** What a routed canary is planned from: the turn with what its routes carry. */
import type { RoutedStrategy } from '../../api/strategy/trafficRouting.js';
import { foreignRoutes } from '../../observe/foreignRoutes.js';
import type { Revision } from '../../observe/revisions.js';
import { observeRoutes, type Routes, routerContext } from '../../observe/routes.js';
import { desiredRoutes } from '../../routers/routers.js';
import type { Turn } from '../plan.js';
import { type Settled, settle } from '../settle.js';
import { isRunning } from '../situation.js';
import type { Scale } from './canaryScale.js';

/** All that the parts of the plan are computed from. */
export interface View {
  readonly turn: Turn;
  readonly strategy: RoutedStrategy;
  readonly scale: Scale;
  readonly routes: Routes;
  readonly settled: Settled;
  /** Route objects of another configuration are still there, and may send requests anywhere. */
  readonly foreign: boolean;
  readonly goingBack: boolean;
  /** What is served by before: stable, or with none yet the first revision. */
  readonly stable: Revision;
}

export function look(turn: Turn, strategy: RoutedStrategy): View {
  const { observation, situation, now } = turn;
  const { maxTrafficWeight, settleSeconds } = strategy.trafficRouting;
  const routes = observeRoutes(observation, strategy);
  const stable = situation.stable ?? situation.updated;
  const idle = {
    weight: 0,
    maxWeight: maxTrafficWeight,
    routes: [],
    stableRevision: stable.hash,
    canaryRevision: stable.hash,
  };
  const own = desiredRoutes(strategy.trafficRouting.routers, idle, routerContext(observation, strategy));
  return {
    turn,
    strategy,
    scale: { r: observation.spec.replicas, maxWeight: maxTrafficWeight, minPods: strategy.minPodsPerReplicaSet },
    routes,
    settled: settle(routes.state, observation.memory, settleSeconds, now),
    foreign: foreignRoutes(observation.children, own).length > 0,
    goingBack: isRunning(situation) && (turn.reverting || turn.position.abort !== undefined),
    stable,
  };
}

/** Whether any route, as observed, can still bring requests to a revision. */
export function isReachable({ routes, settled, foreign }: View, { hash }: Revision): boolean {
  const carried = routes.weight > 0 || routes.managed.length > 0;
  return !settled.inEffect || foreign || routes.stable.includes(hash) || (carried && routes.canary.includes(hash));
}
