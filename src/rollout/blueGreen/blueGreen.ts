/**
 * Blue-green. S is the stable revision, C the one of the present template; a selection counts as in effect once it was
 * observed for settleSeconds. One row at a time, each entered only on what is observed:
 *
 *   1  preview selects C, C grows to previewReplicaCount or r
 *   2  C available: the pause before promotion
 *   3  C grows to r
 *   4  C has r pods, all available: active selects C
 *   5  active = C in effect
 *   6  C is stable; S goes after its delay
 *
 * Going back (abort, or the template back at S) until row 6: active and preview select S, as soon as S can carry it.
 */
import type { BlueGreenStrategy } from '../../api/spec.js';
import { lastWritten, objectsOf, SERVICE } from '../../metacontroller/children.js';
import type { Revision } from '../../observe/revisions.js';
import { roleSetsOf } from '../../observe/roleSets.js';
import { observeSelection, type Selection } from '../../observe/services.js';
import { deadlineAfter, isSelected, leave, leaveAfterAbort } from '../capacity/scaleDown.js';
import { canCarry, changesSelection } from '../capacity/selections.js';
import { analysisWait } from '../judgement/judgement.js';
import type { Plan, Turn } from '../plan.js';
import { type Settled, settle } from '../settle.js';
import { type Arrival, walk } from '../steps/advance.js';
import { standStill } from '../steps/canaryAdvance.js';
import { promotionSteps } from '../steps/list.js';
import { isMeasuredFirst, proof, rejection } from '../steps/proof.js';
import { isInRollbackWindow, isInsideDelay } from '../steps/rollbackWindow.js';
import { forPods, type Wait } from '../wait.js';
import { followActive, rootOf, sharedRoot, waitForRoot, waitForService } from './rootService.js';

/** What active and preview shall select, and how many role sets the two revisions shall have. */
interface Move {
  /** undefined: there is no such Service yet, and none is made. */
  readonly active: Selection | undefined;
  readonly preview: Selection;
  readonly updated: number;
  readonly wait?: Wait | undefined;
  readonly arrival: Arrival;
  /** C has passed the last row. */
  readonly promoted?: boolean;
}

export function planBlueGreen(turn: Turn, strategy: BlueGreenStrategy): Plan {
  const { situation, observation, now } = turn;
  const { stable, updated, others } = situation;
  const services = servicesOf(turn, strategy);
  const settled = settle(stateOf(turn, services), observation.memory, strategy.settleSeconds, now);
  const move = nextMove(turn, strategy, settled);
  const promoted = move.promoted === true;
  const reachable = (revision: Revision) => !settled.inEffect || isSelected(turn, revision, services);
  const leaving = leave(turn, others, reachable, strategy.scaleDownDelaySeconds);
  const aborted = stable !== undefined && stable !== updated && turn.position.abort !== undefined;
  const free = settled.inEffect && !isSelected(turn, updated, services);
  const shrink = aborted ? leaveAfterAbort(turn, strategy.abortScaleDownDelaySeconds, free) : undefined;
  const scaleDownAt = new Map(leaving.scaleDownAt);
  if (promoted && stable && stable !== updated) {
    scaleDownAt.set(stable.hash, { at: deadlineAfter(strategy.scaleDownDelaySeconds, now), wasStable: true });
  }
  if (shrink?.at !== undefined) scaleDownAt.set(updated.hash, { at: shrink.at, wasStable: false });
  const steps = promotionSteps(strategy);
  const selections = new Map([
    [strategy.previewService, move.preview],
    ...(move.active === undefined
      ? []
      : [[strategy.activeService, move.active] as const, ...followActive(turn, move.active)]),
  ]);
  return {
    stable: promoted ? updated.hash : stable?.hash,
    step: move.arrival.step,
    steps: steps.length,
    gate: move.arrival.gate,
    weight: move.active === updated.hash ? 100 : 0,
    sets: new Map([
      ...leaving.sets,
      ...(stable ? [[stable.hash, observation.spec.replicas] as const] : []),
      [updated.hash, shrink ? shrink.sets : move.updated],
    ]),
    selections,
    wait: move.wait,
    approval: move.arrival.approval,
    scaleDownAt,
    routeSeen: changesSelection(turn, selections) ? undefined : settled.seen,
    wakeAt: [
      ...(settled.inEffect ? [] : [settled.at]),
      ...(move.wait && 'until' in move.wait ? [move.wait.until] : []),
      ...Array.from(scaleDownAt.values(), ({ at }) => at).filter(at => at > now),
    ],
  };
}

function nextMove(turn: Turn, strategy: BlueGreenStrategy, settled: Settled): Move {
  const { stable, updated } = turn.situation;
  const r = turn.observation.spec.replicas;
  if (!stable) return firstDeployment(turn, strategy);
  if (stable === updated) return settledOn(turn, strategy, updated, r);
  if (turn.position.abort || turn.reverting) return settledOn(turn, strategy, stable, roleSetsOf(updated).spec);
  return promote(turn, strategy, stable, settled);
}

/**
 * Nothing served before: the Services select the first revision from the start, an unready one is served by nobody.
 * One that is measured before its promotion is served by the preview Service alone until then.
 */
function firstDeployment(turn: Turn, strategy: BlueGreenStrategy): Move {
  const { updated } = turn.situation;
  const r = turn.observation.spec.replicas;
  const observed = observeSelection(turn.observation.children, strategy.activeService);
  const lacking = forPods('pods', updated, r);
  const refused = beforeFirstPromotion(turn, strategy, lacking);
  const promotes = !refused && (observed === undefined || canCarry(turn, updated.hash));
  const here = {
    active: promotes ? updated.hash : observed,
    preview: updated.hash,
    updated: r,
    arrival: { step: promotionSteps(strategy).length },
  };
  const wait =
    lacking ?? refused ?? (here.active === observed ? undefined : waitForService(strategy.activeService, updated.hash));
  return wait ? { ...here, wait } : proven(turn, strategy, here);
}

/** What keeps a first revision from being promoted, where it is measured before that. */
function beforeFirstPromotion(turn: Turn, { prePromotionAnalysis }: BlueGreenStrategy, lacking: Wait | undefined) {
  if (!prePromotionAnalysis) return undefined;
  const purpose = { kind: 'prePromotion', revision: turn.situation.updated.hash } as const;
  return rejection(turn) ?? (isMeasuredFirst(turn) ? (lacking ?? analysisWait(turn.analysis, purpose)) : undefined);
}

/** Idle, or going back: everything selects one revision, as soon as it can carry it. */
function settledOn(turn: Turn, strategy: BlueGreenStrategy, revision: Revision, updated: number): Move {
  const observed = observeSelection(turn.observation.children, strategy.activeService);
  const to = revision.hash;
  const active = observed === undefined || observed === to || canCarry(turn, to) ? to : observed;
  const idle = revision === turn.situation.updated;
  const wait =
    forPods(idle ? 'pods' : 'stable', revision, turn.observation.spec.replicas) ??
    (observed === to ? waitForRoot(turn, to) : waitForService(strategy.activeService, to));
  return {
    active,
    preview: to,
    updated,
    arrival: { step: idle ? promotionSteps(strategy).length : 0 },
    ...(wait && { wait }),
  };
}

function promote(turn: Turn, strategy: BlueGreenStrategy, stable: Revision, settled: Settled): Move {
  const { situation, observation, held, position } = turn;
  const { updated } = situation;
  const r = observation.spec.replicas;
  const { spec } = roleSetsOf(updated);
  const active = observeSelection(observation.children, strategy.activeService) ?? stable.hash;
  const stop = held ? ({ reason: 'RolloutPaused', by: held } as const) : sharedRoot(turn, active);
  if (stop) {
    const preview = observeSelection(observation.children, strategy.previewService) ?? stable.hash;
    const arrival = { step: position.step, ...(position.gate && { gate: position.gate }) };
    return { active, preview, updated: Math.min(spec, r), arrival, wait: stop };
  }
  const arrival = beforePromotion(turn, strategy);
  const here = { active, preview: updated.hash, updated: r, arrival };
  if (arrival.wait) return beforeGate(turn, strategy, stable, { ...here, wait: arrival.wait });
  const lacking = forPods('the new revision', updated, r);
  if (active !== updated.hash) {
    const ready = lacking === undefined && spec === r;
    const wait = lacking ?? turn.stop ?? waitForService(strategy.activeService, updated.hash);
    return { ...here, active: ready && !turn.stop ? updated.hash : active, wait };
  }
  if (lacking) return { ...here, wait: lacking };
  if (!settled.inEffect) return { ...here, wait: { reason: 'WaitingForRouteToSettle', until: settled.at } };
  return afterPromotion(turn, strategy, here);
}

/** Active is at C: the analysis after promotion and the bake time come before S may go. */
function afterPromotion(turn: Turn, strategy: BlueGreenStrategy, here: Move): Move {
  const post =
    strategy.postPromotionAnalysis && !turn.position.promoteFull && !isFast(turn, strategy)
      ? analysisWait(turn.analysis, { kind: 'postPromotion', revision: turn.situation.updated.hash })
      : undefined;
  if (turn.stop ?? post) return { ...here, wait: turn.stop ?? post };
  return proven(turn, strategy, here);
}

function proven(turn: Turn, strategy: BlueGreenStrategy, here: Move): Move {
  const unproven = proof(turn, promotionSteps(strategy).length);
  if (!unproven) return { ...here, promoted: true };
  const { gate, wait } = unproven;
  return { ...here, arrival: { ...here.arrival, ...(gate && { gate }) }, wait };
}

/**
 * The gate is not passed. Active can be at C all the same, from an earlier life of the same revision: then it goes back
 * to S, and until it has, C keeps every pod.
 */
function beforeGate(turn: Turn, strategy: BlueGreenStrategy, stable: Revision, here: Move): Move {
  const { situation, observation } = turn;
  const r = observation.spec.replicas;
  if (here.active !== situation.updated.hash) {
    const rootLags = here.active !== undefined && waitForRoot(turn, here.active) !== undefined;
    return { ...here, updated: Math.max(previewCount(strategy, r), rootLags ? roleSetsOf(situation.updated).spec : 0) };
  }
  return { ...here, active: canCarry(turn, stable.hash) ? stable.hash : here.active };
}

/** Rows 1 and 2: the preview pods, then the pause. A rollback to a revision that still runs skips both. */
function beforePromotion(turn: Turn, strategy: BlueGreenStrategy): Arrival {
  const { situation, observation, position, approve, now } = turn;
  const steps = promotionSteps(strategy);
  if (position.promoteFull || isFast(turn, strategy)) return { step: steps.length };
  if (turn.stop && position.step < steps.length) {
    return standStill(position, turn.stop);
  }
  const wanted = previewCount(strategy, observation.spec.replicas);
  const lacking = position.step === 0 && !position.gate && forPods('the preview', situation.updated, wanted);
  if (lacking) return { step: 0, wait: lacking };
  return walk({
    steps,
    revision: situation.updated.hash,
    from: Math.min(position.step, steps.length),
    gate: position.gate,
    approve,
    now,
    done: () => analysisWait(turn.analysis, { kind: 'prePromotion', revision: situation.updated.hash }),
  });
}

function isFast(turn: Turn, { rollbackWindow }: BlueGreenStrategy): boolean {
  return isInsideDelay(turn) || isInRollbackWindow(turn.situation, rollbackWindow);
}

function previewCount({ previewReplicaCount }: BlueGreenStrategy, r: number): number {
  return Math.min(previewReplicaCount ?? r, r);
}

/** The root Service follows the active one. */
function servicesOf(turn: Turn, { activeService, previewService }: BlueGreenStrategy): readonly string[] {
  const root = rootOf(turn);
  return [...new Set([activeService, previewService, ...(root === undefined ? [] : [root])])];
}

/** With when the Services were written: a state that came back is told from one that never went away. */
function stateOf({ observation: { children } }: Turn, services: readonly string[]): string {
  const selected = services.map(name => `${name}=${observeSelection(children, name) ?? 'absent'}`).join(' ');
  return `${selected} ${lastWritten(objectsOf(children, SERVICE))}`;
}
