/**
 * The decision of one sync: observe → who is who → what people ask for → how far the steps are → what pods, Services
 * and routes shall be. Pure: the time is an argument. Status remembers, but where pods and routes can be read they are.
 */

import { type AnalysisState, closeRollout } from '../analysis/analysis.js';
import type { Measurements } from '../analysis/measurement.js';
import { type Instant, startOfWait, toRfc3339 } from '../instant.js';
import { APPROVE_ANNOTATION, PAUSE_ANNOTATION } from '../names.js';
import type { Abort } from '../observe/memory.js';
import type { Observation } from '../observe/observation.js';
import type { Revision } from '../observe/revisions.js';
import { hash } from '../revision/hash.js';
import { keepHistory } from '../revision/history.js';
import { type WaitingGate, whyUnused } from './approval.js';
import { bindingOf, type Commands, type Effects, readCommands } from './commands.js';
import type { Case } from './judgement/case.js';
import { deadlineExceeded } from './judgement/deadline.js';
import { ensureAwaited, type Judgement, judge, timedOut } from './judgement/judgement.js';
import type { Plan, Turn } from './plan.js';
import { aborted, backAtStart, holdOrResume, type Position, rememberedPosition, steer } from './position.js';
import { identify, isJudged, isRunning, type Situation } from './situation.js';
import { stepsOf } from './steps.js';
import { planFor } from './strategy.js';
import type { Approval } from './walk.js';

export interface Decision {
  readonly situation: Situation;
  readonly plan: Plan;
  readonly position: Position;
  readonly commands: Commands;
  /** What each annotation that was used up in this sync has done. */
  readonly effects: Effects;
  readonly deadlineExceeded: boolean;
  readonly reverting: boolean;
  /** Revisions that stay in history, oldest first. */
  readonly recorded: readonly Revision[];
  readonly analysis: AnalysisState;
  /** What a person should know about the analysis. */
  readonly notes: readonly string[];
  /** Of the configuration that the rollout runs under. */
  readonly setupHash: string;
}

/** `measurements`: what analysis asked for and is known by now, by key. */
export function step(observation: Observation, now: Instant, measurements: Measurements = new Map()): Decision {
  const situation = identify(observation);
  const commands = readCommands(observation.parent, observation.memory);
  const running = isRunning(situation);
  const judgeable = isJudged(observation, situation);
  const setup = setupHash(observation);
  const reverting = running && mustRevert(observation, setup);
  const before = rememberedPosition(observation, judgeable);
  const remembered = reverting ? backAtStart(before) : before;
  const steered = steer(remembered, commands, running, now);
  const { begins, stepsChanged, abort } = steered.position;
  const restarts = begins || stepsChanged === true || (remembered.abort !== undefined && !abort);
  const hold = holdOf(observation, commands, running, steered.position);
  const resumed = holdOrResume(steered.position, hold.held !== false, now);
  const { approve } = commands;
  const given: Case = { observation, situation, position: resumed, restarts, reverting, approve, measurements, now };
  const judged = judge(given);
  const late = hold.held === false && deadlineExceeded(observation, resumed, now);
  const waited = waitedFor(observation, holdOrResume(remembered, hold.held !== false, now), judged);
  const position = takenBack(given, judged, hold.held !== false || waited !== undefined, late);
  const turn: Turn = {
    observation,
    situation,
    position,
    held: position.abort ? false : hold.held,
    reverting,
    stop: position.abort ? undefined : judged.stop,
    analysis: judged.analysis,
    approve: judged.approval ? undefined : approve,
    now,
  };
  const { plan, judgement } = withAnalysis(given, judged, planFor(turn));
  return {
    situation,
    plan,
    position: withStart(position, waited, plan, now),
    commands,
    effects: {
      ...steered.effects,
      ...hold.effects,
      ...approvalEffects(commands, judged.approval ?? plan.approval, hold, waitingGate(turn)),
    },
    deadlineExceeded: late,
    reverting,
    recorded: recorded(observation, situation, plan),
    setupHash: (reverting && plan.wait && observation.memory.setupHash) || setup,
    analysis: position.abort ? closeRollout(judgement.analysis, now, 'the rollout was aborted') : judgement.analysis,
    notes: judgement.notes,
  };
}

function recorded({ revisions, spec }: Observation, { updated }: Situation, { stable }: Plan): readonly Revision[] {
  const inUse = new Set([updated.hash, ...(stable === undefined ? [] : [stable])]);
  return keepHistory(revisions, inUse, spec.revisionHistoryLimit);
}

/** Begins the analysis that the plan waits for. */
function withAnalysis(
  given: Case,
  judged: Judgement,
  plan: Plan,
): { readonly plan: Plan; readonly judgement: Judgement } {
  if (plan.wait?.reason !== 'WaitingForAnalysis') return { plan, judgement: judged };
  const { judgement, wait } = ensureAwaited(given, judged, plan.wait);
  return { plan: { ...plan, wait }, judgement };
}

/** The position after what was measured, and the time that has passed, have had their say. */
function takenBack(
  { position, situation, observation, now }: Case,
  judged: Judgement,
  waitsForPerson: boolean,
  late: boolean,
): Position {
  if (position.abort) return position;
  // A first deployment that is slow may still come: only what was measured rejects it.
  const overdue = isRunning(situation) && abortInTime(observation, position, waitsForPerson, late, now);
  const abort = judged.abort ?? (overdue || undefined);
  return abort ? aborted(position, abort) : position;
}

/** Too long without progress, or too long in all. */
function abortInTime(
  observation: Observation,
  position: Position,
  waitsForPerson: boolean,
  late: boolean,
  now: Instant,
): Abort | undefined {
  const { spec } = observation;
  if (late && spec.progressDeadlineAbort) return deadlineAbort(observation, now);
  const { autoRollback } = spec.strategy;
  if (waitsForPerson || !timedOut(autoRollback, position.startedAt, now)) return undefined;
  return {
    reason: 'RolloutTimeout',
    message: `the rollout took longer than autoRollback.onTimeout (${autoRollback?.timeoutSeconds} s)`,
    at: toRfc3339(startOfWait(now)),
  };
}

/** A person is waited for as status shows it. */
interface Waited {
  readonly since: Instant;
  /** Whether it goes on after this sync. */
  readonly stays: (plan: Plan) => boolean;
}

function waitedFor({ spec }: Observation, { gate }: Position, judged: Judgement): Waited | undefined {
  const step = gate && stepsOf(spec.strategy)[gate.step];
  if (gate && step?.action === 'pause' && step.seconds === null) {
    return { since: gate.startedAt, stays: plan => plan.gate?.step === gate.step };
  }
  const { undecidedSince: since, stop } = judged;
  return since === undefined ? undefined : { since, stays: () => stop?.reason === 'InconclusiveAnalysis' };
}

/** Once a person has let it go on, the time that it waited does not count for the whole rollout. */
function withStart(position: Position, waited: Waited | undefined, plan: Plan, now: Instant): Position {
  const { startedAt = startOfWait(now) } = position;
  const lasted = !waited || waited.stays(plan) ? 0 : Math.max(0, startOfWait(now) - waited.since);
  return { ...position, startedAt: Math.min(startedAt + lasted, startOfWait(now)) };
}

interface Hold {
  readonly held: Turn['held'];
  readonly effects: Effects;
}

/**
 * Whether the rollout is held. An approval clears rollout-pause's hold, unless it is bound to a gate that does not wait:
 * such a one passes nothing. A first deployment is not held, and going back never is.
 */
function holdOf({ spec, target }: Observation, commands: Commands, running: boolean, position: Position): Hold {
  if (!running || position.abort) return { held: false, effects: {} };
  const { approve, pause } = commands;
  const clears =
    pause && approve && (bindingOf(approve) === 'any' || approve.value === `${target}:${position.gate?.step}`);
  if (spec.paused) return { held: 'spec', effects: {} };
  if (!pause) return { held: false, effects: {} };
  return clears
    ? { held: false, effects: { [PAUSE_ANNOTATION]: 'cleared by aibrix.io/rollout-approve' } }
    : { held: 'annotation', effects: {} };
}

/** The gate that waits under a hold, which nothing walks up to. */
function waitingGate({ held, position: { gate }, observation }: Turn): WaitingGate | undefined {
  return held && gate ? { revision: observation.target, step: gate.step, recorded: true } : undefined;
}

function approvalEffects(
  { approve }: Commands,
  approval: Approval | undefined,
  { held, effects }: Hold,
  gate: WaitingGate | undefined,
): Effects {
  if (!approve) return {};
  const cleared = effects[PAUSE_ANNOTATION] !== undefined;
  const underHold = held === 'spec' ? 'passed nothing: spec.paused holds the rollout' : whyUnused(approve, gate);
  const effect = approval?.effect ?? underHold;
  if (!cleared) return { [APPROVE_ANNOTATION]: effect };
  return { [APPROVE_ANNOTATION]: approval?.passed ? `cleared rollout-pause and ${effect}` : 'cleared rollout-pause' };
}

/** A running rollout whose strategy, routing or Services were configured anew goes back to stable first. */
function mustRevert({ memory, target }: Observation, setup: string): boolean {
  return memory.updatedRevision === target && memory.setupHash !== undefined && memory.setupHash !== setup;
}

function setupHash({ spec }: Observation): string {
  const { strategy, service } = spec;
  const common = { type: strategy.type, service: service?.name ?? null };
  switch (strategy.type) {
    case 'BlueGreen':
      return hash({ ...common, active: strategy.activeService, preview: strategy.previewService });
    case 'Canary': {
      const { trafficRouting, stableService, canaryService } = strategy;
      return hash(
        trafficRouting ? { ...common, routers: trafficRouting.routers, stableService, canaryService } : common,
      );
    }
    case 'RollingUpdate':
      return hash({ ...common, type: 'Canary' });
    default:
      return strategy satisfies never;
  }
}

function deadlineAbort({ spec }: Observation, now: Instant): Abort {
  return {
    reason: 'ProgressDeadlineExceeded',
    message: `nothing has moved for ${spec.progressDeadlineSeconds} s`,
    at: toRfc3339(startOfWait(now)),
  };
}
