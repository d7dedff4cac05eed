/** Canary with traffic routing: pods first, then the weight, as transition.ts says. */

import type { RoutedStrategy } from '../../api/strategy/trafficRouting.js';
import { type Routes, rootSelection } from '../../observe/routes.js';
import { ALL_REVISIONS, observeSelection, type Selection } from '../../observe/services.js';
import type { ManagedRoute } from '../../routers/router.js';
import type { ScaleDown } from '../../status/bookkeeping.js';
import { advance } from '../advance.js';
import { deadlineAfter, leave } from '../leaving.js';
import type { Plan, Turn } from '../plan.js';
import { proof } from '../proof.js';
import { isRunning } from '../situation.js';
import { forPods, type Wait } from '../wait.js';
import type { Arrival } from '../walk.js';
import { weightAt } from './podCanary.js';
import { afterAbort, stableSets, updatedSets } from './routedPods.js';
import { lackingStable, nextMove, routerWait, stepWait } from './routedSteps.js';
import { isReachable, look, type View } from './routedView.js';
import { changesTraffic, type Move } from './transition.js';

export function planRoutedCanary(turn: Turn, strategy: RoutedStrategy): Plan {
  const view = look(turn, strategy);
  const { situation, now } = turn;
  const arrival = advance(turn, strategy.steps, strategy.rollbackWindow, i => stepWait(view, i));
  const move = nextMove(view, arrival);
  const deployed = forPods('pods', situation.updated, view.scale.r);
  const finished = move.done === true && !view.goingBack && (isRunning(situation) || deployed === undefined);
  const unproven = finished ? proof(turn, strategy.steps.length) : undefined;
  const promoted = finished && !unproven;
  const wait = routerWait(view) ?? awaited(arrival, move) ?? lackingStable(view) ?? unproven?.wait;
  const leaving = leave(
    turn,
    situation.others,
    revision => isReachable(view, revision),
    strategy.scaleDownDelaySeconds,
  );
  const aborted = view.goingBack ? afterAbort(view) : undefined;
  const scaleDownAt = new Map([
    ...leaving.scaleDownAt,
    ...(promoted ? formerStable(view) : []),
    ...(aborted ? aborted.scaleDownAt : []),
  ]);
  return {
    stable: promoted ? situation.updated.hash : situation.stable?.hash,
    step: arrival.step,
    steps: strategy.steps.length,
    gate: arrival.gate ?? unproven?.gate,
    weight: view.goingBack ? 0 : weightAt(strategy.steps, arrival.step, view.scale.maxWeight),
    observedWeight: view.routes.weight,
    sets: new Map([
      ...leaving.sets,
      [view.stable.hash, stableSets(view, move)],
      [situation.updated.hash, aborted ? aborted.sets : updatedSets(view, arrival)],
    ]),
    selections: selectionsOf(view, move),
    traffic: {
      weight: move.weight,
      maxWeight: view.scale.maxWeight,
      routes: inOrder(move.managed, strategy.trafficRouting.managedRoutes),
      stableRevision: ownSelection(move.stable, view.routes.stable, view.stable.hash),
      canaryRevision: ownSelection(move.canary, view.routes.canary, view.stable.hash),
    },
    routing: view.routes,
    wait,
    approval: arrival.approval,
    scaleDownAt,
    routeSeen: changesTraffic(move, view.routes) ? undefined : view.settled.seen,
    wakeAt: [
      ...(view.settled.inEffect ? [] : [view.settled.at]),
      ...[wait, arrival.wait].flatMap(each => (each && 'until' in each ? [each.until] : [])),
      ...Array.from(scaleDownAt.values(), ({ at }) => at).filter(at => at > now),
    ],
  };
}

/** At a pause, traffic that is not where it shall be comes first; and why it is not says more than that it is not. */
function awaited({ wait }: Arrival, move: Move): Wait | undefined {
  switch (wait?.reason) {
    case 'WaitingForRoute':
    case 'WaitingForApproval':
    case 'WaitingForTime':
      return move.wait ?? wait;
    default:
      return wait ?? move.wait;
  }
}

/** The pods of what was stable go after their delay. */
function formerStable({ turn, strategy, stable }: View): readonly (readonly [string, ScaleDown])[] {
  if (!isRunning(turn.situation)) return [];
  return [[stable.hash, { at: deadlineAfter(strategy.scaleDownDelaySeconds, turn.now), wasStable: true }]];
}

function selectionsOf(
  { turn, strategy, stable }: View,
  { stable: toStable, canary: toCanary }: Move,
): Plan['selections'] {
  const { children, spec } = turn.observation;
  const next = (service: string, to: Move['stable']): Selection => {
    const observed = observeSelection(children, service);
    return to === 'as observed' ? (observed ?? stable.hash) : to;
  };
  const root = spec.service?.name;
  const followsStable = rootSelection(spec, strategy) === 'stable';
  return new Map([
    ...(root === undefined ? [] : [[root, followsStable ? next(root, toStable) : ALL_REVISIONS] as const]),
    [strategy.stableService, next(strategy.stableService, toStable)],
    [strategy.canaryService, next(strategy.canaryService, toCanary)],
  ]);
}

/** For routers with selectors of their own; a mix, or nothing observed, counts as the safe one. */
function ownSelection(to: Move['stable'], observed: Routes['stable'], otherwise: string): string {
  if (to !== 'as observed') return to;
  return observed.at(-1) ?? otherwise;
}

function inOrder(routes: readonly ManagedRoute[], order: readonly string[]): readonly ManagedRoute[] {
  return [...routes].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}
