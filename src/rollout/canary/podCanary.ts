/**
 * Canary and rolling update without traffic routing: pods are the only weight there is. The root Service selects the
 * pods of all revisions, so a revision's share of the traffic is its share of the pods.
 */
import type { CanaryStrategy, RollingUpdateStrategy, Step } from '../../api/spec.js';
import { objectsOf, SERVICE } from '../../metacontroller/children.js';
import { updatedBefore } from '../../observe/counts.js';
import { foreignRoutes } from '../../observe/foreignRoutes.js';
import type { Revision } from '../../observe/revisions.js';
import { NO_SETS, roleSetsOf } from '../../observe/roleSets.js';
import { ALL_REVISIONS, observeSelection } from '../../observe/services.js';
import { advance } from '../advance.js';
import { toleranceOf } from '../percent.js';
import type { Plan, Turn } from '../plan.js';
import { proof } from '../proof.js';
import { moveSelection } from '../selections.js';
import { isLost, isRunning } from '../situation.js';
import { forPods, type Wait } from '../wait.js';
import { type Split, splitReplicas } from './canaryReplicas.js';
import { type Budgeted, withinBudget } from './podBudget.js';

const MAX_WEIGHT = 100;

export function planPodCanary(turn: Turn, strategy: CanaryStrategy | RollingUpdateStrategy): Plan {
  const { situation } = turn;
  const steps = strategy.type === 'Canary' ? strategy.steps : [];
  const goingBack = isRunning(situation) && (turn.reverting || turn.position.abort !== undefined);
  const window = strategy.type === 'Canary' ? strategy.rollbackWindow : 0;
  const arrival = advance(turn, steps, window, i =>
    waitForSplit(turn, false, wantedSplit(turn, strategy, weightAt(steps, i))),
  );
  const weight = goingBack ? 0 : weightAt(steps, arrival.step);
  const wanted = wantedSplit(turn, strategy, weight);
  const due = arrival.due === arrival.step ? wanted : wantedSplit(turn, strategy, weightAt(steps, arrival.due));
  const moving = arrival.wait ?? waitForSplit(turn, goingBack, wanted);
  const unproven = moving === undefined && !goingBack ? proof(turn, steps.length) : undefined;
  const wait = moving ?? unproven?.wait;
  const promoted = wait === undefined && !goingBack;
  return {
    stable: promoted ? situation.updated.hash : situation.stable?.hash,
    step: arrival.step,
    steps: steps.length,
    gate: arrival.gate ?? unproven?.gate,
    weight,
    sets: keepSelected(turn, keepRouted(turn, setsByRevision(turn, budget(turn, strategy, due)))),
    selections: selectionsOf(turn),
    wait,
    approval: arrival.approval,
    scaleDownAt: new Map(),
    wakeAt: wait && 'until' in wait ? [wait.until] : [],
  };
}

/**
 * The root Service selects all pods. Services that select a single revision are left from another configuration: they
 * are with stable until the rollout has gone back.
 */
function selectionsOf(turn: Turn): Plan['selections'] {
  const { spec } = turn.observation;
  const root = spec.service?.name;
  const all = root === undefined ? [] : [[root, ALL_REVISIONS] as const];
  const { stable } = turn.situation;
  const back = turn.reverting && stable ? selectedAlone(turn).map(([name]) => [name, stable.hash] as const) : [];
  return moveSelection(turn, new Map([...all, ...back]));
}

/** Services that select a single revision, and which. */
function selectedAlone({ observation: { children } }: Turn): readonly (readonly [service: string, revision: string])[] {
  return objectsOf(children, SERVICE).flatMap(({ metadata: { name } }) => {
    const selection = observeSelection(children, name);
    return selection === undefined || selection === ALL_REVISIONS ? [] : [[name, selection] as const];
  });
}

/** A revision that a Service selects alone keeps its pods until the Service was seen to select others. */
function keepSelected(turn: Turn, sets: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const { stable, updated, others } = turn.situation;
  const alone = new Set(selectedAlone(turn).map(([, revision]) => revision));
  const kept = [...others, updated, ...(stable ? [stable] : [])].filter(({ hash }) => alone.has(hash));
  const least = (revision: Revision) => Math.min(roleSetsOf(revision).spec, turn.observation.spec.replicas);
  return new Map([
    ...sets,
    ...kept.map(revision => [revision.hash, Math.max(sets.get(revision.hash) ?? 0, least(revision))] as const),
  ]);
}

/** The weight of the last setWeight up to step i; 0 before the first, all of it once the steps are done. */
export function weightAt(steps: readonly Step[], i: number, maxWeight = MAX_WEIGHT): number {
  if (i >= steps.length) return maxWeight;
  const last = steps.slice(0, i + 1).findLast(step => step.action === 'setWeight');
  return last?.action === 'setWeight' ? last.weight : 0;
}

function wantedSplit(turn: Turn, strategy: CanaryStrategy | RollingUpdateStrategy, weight: number): Split {
  const { situation, observation, held, stop } = turn;
  const r = observation.spec.replicas;
  if (!isRunning(situation)) return { canary: r, stable: 0 };
  const { surge } = toleranceOf(strategy.maxSurge, strategy.maxUnavailable, r);
  const split = splitReplicas(r, weight, MAX_WEIGHT, surge);
  return (held || stop) && !turn.position.abort ? heldSplit(turn, split, r + surge) : split;
}

/**
 * Under a hold, or while an analysis keeps the steps, the canary does not grow, and stable is only repaired: it fills up
 * what is missing to r and gives up nothing that it has.
 */
function heldSplit({ situation, observation }: Turn, split: Split, most: number): Split {
  const r = observation.spec.replicas;
  const canary = Math.min(split.canary, Math.max(roleSetsOf(situation.updated).spec, updatedBefore(observation)));
  if (canary === split.canary) return split;
  const others = situation.others.reduce((sum, revision) => sum + roleSetsOf(revision).spec, 0);
  const stable = Math.max(roleSetsOf(situation.stable).spec, r - canary - others);
  return { canary, stable: Math.max(split.stable, Math.min(stable, most - canary)) };
}

function budget(turn: Turn, strategy: CanaryStrategy | RollingUpdateStrategy, wanted: Split): Budgeted {
  const { situation, observation } = turn;
  const r = observation.spec.replicas;
  const { stable, updated, others } = situation;
  return withinBudget({
    r,
    tolerance: toleranceOf(strategy.maxSurge, strategy.maxUnavailable, r),
    // Of a share of nothing there would be no pod at all.
    wanted: stable && isLost(stable) ? { ...wanted, stable: 0 } : wanted,
    canary: roleSetsOf(updated),
    stable: stable && stable !== updated ? roleSetsOf(stable) : NO_SETS,
    others: others.map(roleSetsOf),
  });
}

function setsByRevision({ situation }: Turn, budgeted: Budgeted): ReadonlyMap<string, number> {
  const { stable, updated, others } = situation;
  const sets = new Map(others.map((revision, i) => [revision.hash, budgeted.others[i] ?? 0]));
  if (stable && stable !== updated) sets.set(stable.hash, budgeted.stable);
  return sets.set(updated.hash, budgeted.canary);
}

/** While a route object of an earlier configuration is there, it may send requests to any revision: none shrinks. */
function keepRouted({ observation, situation }: Turn, sets: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  if (foreignRoutes(observation.children, []).length === 0) return sets;
  const { stable, updated, others } = situation;
  const spec = new Map(
    [...others, updated, ...(stable ? [stable] : [])].map(each => [each.hash, roleSetsOf(each).spec]),
  );
  return new Map(Array.from(sets, ([hash, wanted]) => [hash, Math.max(wanted, spec.get(hash) ?? 0)]));
}

/** What the pods still lack to be the wanted split; undefined when they are. */
function waitForSplit({ situation }: Turn, goingBack: boolean, wanted: Split): Wait | undefined {
  const { stable, updated, others } = situation;
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
