/**
 * Canary and rolling update without traffic routing: weights are shares of pods. The root Service selects the pods of all
 * revisions, so a revision's share of the traffic is its share of the pods.
 */
import type { CanaryStrategy, RollingUpdateStrategy } from '../../../api/spec.js';
import { objectsOf, SERVICE } from '../../../metacontroller/children.js';
import { updatedBefore } from '../../../observe/counts.js';
import { foreignRoutes } from '../../../observe/foreignRoutes.js';
import type { Revision } from '../../../observe/revisions.js';
import { NO_SETS, roleSetsOf } from '../../../observe/roleSets.js';
import { ALL_REVISIONS, observeSelection } from '../../../observe/services.js';
import { type Split, splitReplicas } from '../../capacity/canaryReplicas.js';
import { type Budgeted, withinBudget } from '../../capacity/podBudget.js';
import { moveSelection } from '../../capacity/selections.js';
import { toleranceOf } from '../../capacity/tolerance.js';
import { type Context, goesBack } from '../../context.js';
import type { RolloutPlan } from '../../plan.js';
import { allOf, isLost, isRunning } from '../../revisions.js';
import { advance } from '../../steps/advance.js';
import { finalCheck } from '../../steps/finalCheck.js';
import { weightAt } from '../../steps/list.js';
import { forPods, type Wait } from '../../wait.js';

const MAX_WEIGHT = 100;

export function planPodCanary(context: Context, strategy: CanaryStrategy | RollingUpdateStrategy): RolloutPlan {
  const { revisions } = context;
  const { steps } = stepped(strategy);
  const goingBack = goesBack(context);
  const splitAt = (i: number) => wantedSplit(context, strategy, weightAt(steps, i));
  const arrival = advance(context, stepped(strategy), i => waitForSplit(context, false, splitAt(i)));
  const weight = goingBack ? 0 : weightAt(steps, arrival.step);
  const wanted = wantedSplit(context, strategy, weight);
  const due = arrival.due === arrival.step ? wanted : splitAt(arrival.due);
  const moving = arrival.wait ?? waitForSplit(context, goingBack, wanted);
  const check = moving === undefined && !goingBack ? finalCheck(context, steps.length) : undefined;
  const wait = moving ?? check?.wait;
  return {
    stable: wait === undefined && !goingBack ? revisions.updated.hash : revisions.stable?.hash,
    step: arrival.step,
    steps: steps.length,
    gate: arrival.gate ?? check?.gate,
    weight,
    sets: keepReachable(context, setsByRevision(context, budget(context, strategy, due))),
    selections: selectionsOf(context),
    waits: wait ? [wait] : [],
    approval: arrival.approval,
    scaleDownAt: new Map(),
  };
}

/** A rolling update is a canary without steps. */
function stepped(strategy: CanaryStrategy | RollingUpdateStrategy): Pick<CanaryStrategy, 'steps' | 'rollbackWindow'> {
  return strategy.type === 'Canary' ? strategy : { steps: [], rollbackWindow: 0 };
}

/**
 * The root Service selects all pods. Services that select a single revision are left over from another configuration:
 * they select stable until the rollout has returned to it.
 */
function selectionsOf(context: Context): RolloutPlan['selections'] {
  const { spec } = context.observation;
  const root = spec.service?.name;
  const all = root === undefined ? [] : [[root, ALL_REVISIONS] as const];
  const { stable } = context.revisions;
  const back = context.reverting && stable ? selectedAlone(context).map(([name]) => [name, stable.hash] as const) : [];
  return moveSelection(context, new Map([...all, ...back]));
}

/** Services that select a single revision, with that revision. */
function selectedAlone({
  observation: { children },
}: Context): readonly (readonly [service: string, revision: string])[] {
  return objectsOf(children, SERVICE).flatMap(({ metadata: { name } }) => {
    const selection = observeSelection(children, name);
    return selection === undefined || selection === ALL_REVISIONS ? [] : [[name, selection] as const];
  });
}

/**
 * A revision that is selected alone keeps its pods until the Service is observed to select others. While a route object
 * of an earlier configuration exists, it may send requests to any revision: none scales down.
 */
function keepReachable(context: Context, sets: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const { revisions, observation } = context;
  const alone = new Set(selectedAlone(context).map(([, revision]) => revision));
  const routed = foreignRoutes(observation.children, []).length > 0;
  const least = (revision: Revision) => {
    const { spec } = roleSetsOf(revision);
    if (routed) return spec;
    return alone.has(revision.hash) ? Math.min(spec, observation.spec.replicas) : 0;
  };
  return new Map(
    allOf(revisions).map(revision => [revision.hash, Math.max(sets.get(revision.hash) ?? 0, least(revision))]),
  );
}

function wantedSplit(context: Context, strategy: CanaryStrategy | RollingUpdateStrategy, weight: number): Split {
  const { revisions, observation, held, stop } = context;
  const r = observation.spec.replicas;
  if (!isRunning(revisions)) return { canary: r, stable: 0 };
  const { surge } = toleranceOf(strategy.maxSurge, strategy.maxUnavailable, r);
  const split = splitReplicas(r, weight, MAX_WEIGHT, surge);
  return held || stop ? heldSplit(context, split, r + surge) : split;
}

/**
 * During a hold, or while an analysis stops the steps, the canary does not scale up, and stable is only repaired: it
 * replaces missing pods up to r and removes none.
 */
function heldSplit({ revisions, observation }: Context, split: Split, most: number): Split {
  const r = observation.spec.replicas;
  const canary = Math.min(split.canary, Math.max(roleSetsOf(revisions.updated).spec, updatedBefore(observation)));
  if (canary === split.canary) return split;
  const others = revisions.others.reduce((sum, revision) => sum + roleSetsOf(revision).spec, 0);
  const stable = Math.max(roleSetsOf(revisions.stable).spec, r - canary - others);
  return { canary, stable: Math.max(split.stable, Math.min(stable, most - canary)) };
}

function budget(context: Context, strategy: CanaryStrategy | RollingUpdateStrategy, wanted: Split): Budgeted {
  const { revisions, observation } = context;
  const r = observation.spec.replicas;
  const { stable, updated, others } = revisions;
  return withinBudget({
    r,
    tolerance: toleranceOf(strategy.maxSurge, strategy.maxUnavailable, r),
    // Otherwise a share of 0 would leave no pods.
    wanted: stable && isLost(stable) ? { ...wanted, stable: 0 } : wanted,
    canary: roleSetsOf(updated),
    stable: stable && stable !== updated ? roleSetsOf(stable) : NO_SETS,
    others: others.map(roleSetsOf),
  });
}

function setsByRevision({ revisions }: Context, budgeted: Budgeted): ReadonlyMap<string, number> {
  const { stable, updated, others } = revisions;
  const sets = new Map(others.map((revision, i) => [revision.hash, budgeted.others[i] ?? 0]));
  if (stable && stable !== updated) sets.set(stable.hash, budgeted.stable);
  return sets.set(updated.hash, budgeted.canary);
}

/** Waits for the pods of the desired split; undefined if they match it. */
function waitForSplit({ revisions }: Context, goingBack: boolean, wanted: Split): Wait | undefined {
  const { stable, updated, others } = revisions;
  const single = !stable || stable === updated;
  const canary = roleSetsOf(updated);
  const missing = goingBack ? undefined : forPods(single ? 'pods' : 'canary', updated, wanted.canary);
  if (missing) return missing;
  if (canary.spec > wanted.canary) return shrinking(single ? 'the revision' : 'the canary', canary.spec, wanted.canary);
  if (single) return waitForOthers(others);
  const lacking = forPods('stable', stable, goingBack ? wanted.stable : 0);
  if (lacking) return lacking;
  const { spec } = roleSetsOf(stable);
  if (spec !== wanted.stable) return shrinking('stable', spec, wanted.stable);
  return waitForOthers(others);
}

function waitForOthers(others: readonly Revision[]): Wait | undefined {
  const left = others.reduce((sum, revision) => sum + roleSetsOf(revision).spec, 0);
  return left > 0 ? shrinking('earlier revisions', left, 0) : undefined;
}

function shrinking(who: string, pods: number, wanted: number): Wait {
  return { reason: 'WaitingForScaleDown', who, pods, wanted };
}
