/** Canary with traffic routing: pods first, then the weight, according to transition.ts. */
import type { RoutedStrategy } from '../../../api/strategy/trafficRouting.js';
import { type Routes, rootSelection } from '../../../observe/routes.js';
import { ALL_REVISIONS, observeSelection, type Selection } from '../../../observe/services.js';
import type { ManagedRoute } from '../../../routers/router.js';
import { scaleDownAborted, scaleDownFormerStable, scaleDownOthers } from '../../capacity/scaleDown.js';
import { type Context, goesBack } from '../../context.js';
import type { RolloutPlan } from '../../plan.js';
import { isRunning } from '../../revisions.js';
import { advance } from '../../steps/advance.js';
import { finalCheck } from '../../steps/finalCheck.js';
import { weightAt } from '../../steps/list.js';
import { forPods, type Wait } from '../../wait.js';
import { nextMove, routerWait, stableWait, stepWait } from './moves.js';
import { stableSets, updatedSets } from './replicas.js';
import { isReachable, type RoutedContext, withRoutes } from './routedContext.js';
import { changesTraffic, type TrafficMove } from './transition.js';

export function planRoutedCanary(sync: Context, strategy: RoutedStrategy): RolloutPlan {
  const context = withRoutes(sync, strategy);
  const { revisions, scale, routes, settled, serving } = context;
  const { steps, scaleDownDelaySeconds, abortScaleDownDelaySeconds } = strategy;
  const goingBack = goesBack(context);
  const arrival = advance(context, strategy, i => stepWait(context, i));
  const move = nextMove(context, arrival);
  const deployed = isRunning(revisions) || forPods('pods', revisions.updated, scale.r) === undefined;
  const finished = move.done === true && !goingBack && deployed;
  const check = finished ? finalCheck(context, steps.length) : undefined;
  const promoted = finished && !check;
  const wait = routerWait(context) ?? trafficFirst(arrival.wait, move.wait) ?? stableWait(context) ?? check?.wait;
  const others = scaleDownOthers(context, revision => isReachable(context, revision), scaleDownDelaySeconds);
  const aborted = goingBack
    ? scaleDownAborted(context, abortScaleDownDelaySeconds, !isReachable(context, revisions.updated))
    : undefined;
  return {
    stable: promoted ? revisions.updated.hash : revisions.stable?.hash,
    step: arrival.step,
    steps: steps.length,
    gate: arrival.gate ?? check?.gate,
    weight: goingBack ? 0 : weightAt(steps, arrival.step, scale.maxWeight),
    observedWeight: routes.weight,
    sets: new Map([
      ...others.sets,
      [serving.hash, stableSets(context, move)],
      ...(aborted ? aborted.sets : [[revisions.updated.hash, updatedSets(context, arrival)] as const]),
    ]),
    selections: selectionsOf(context, move),
    traffic: {
      weight: move.weight,
      maxWeight: scale.maxWeight,
      routes: inOrder(move.managed, strategy.trafficRouting.managedRoutes),
      stableRevision: ownSelection(move.stable, routes.stable, serving.hash),
      canaryRevision: ownSelection(move.canary, routes.canary, serving.hash),
    },
    routing: routes,
    waits: [wait, arrival.wait].filter(each => each !== undefined),
    approval: arrival.approval,
    scaleDownAt: new Map([
      ...others.scaleDownAt,
      ...(promoted ? scaleDownFormerStable(context, scaleDownDelaySeconds) : []),
      ...(aborted ? aborted.scaleDownAt : []),
    ]),
    routeSeen: changesTraffic(move, routes) ? undefined : settled.seen,
    settlesAt: settled.inEffect ? undefined : settled.at,
  };
}

/** At a pause, a wait for traffic takes precedence, with its specific reason. */
function trafficFirst(step: Wait | undefined, traffic: Wait | undefined): Wait | undefined {
  switch (step?.reason) {
    case 'WaitingForRoute':
    case 'WaitingForApproval':
    case 'WaitingForTime':
      return traffic ?? step;
    default:
      return step ?? traffic;
  }
}

function selectionsOf({ observation, strategy, serving }: RoutedContext, move: TrafficMove): RolloutPlan['selections'] {
  const { children, spec } = observation;
  const next = (service: string, to: TrafficMove['stable']): Selection =>
    to === 'as observed' ? (observeSelection(children, service) ?? serving.hash) : to;
  const root = spec.service?.name;
  const followsStable = rootSelection(spec, strategy) === 'stable';
  return new Map([
    ...(root === undefined ? [] : [[root, followsStable ? next(root, move.stable) : ALL_REVISIONS] as const]),
    [strategy.stableService, next(strategy.stableService, move.stable)],
    [strategy.canaryService, next(strategy.canaryService, move.canary)],
  ]);
}

/** For routers with their own selectors; a mix, or no observation, counts as the safe one. */
function ownSelection(to: TrafficMove['stable'], observed: Routes['stable'], otherwise: string): string {
  if (to !== 'as observed') return to;
  return observed.at(-1) ?? otherwise;
}

function inOrder(routes: readonly ManagedRoute[], order: readonly string[]): readonly ManagedRoute[] {
  return [...routes].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}
