/**
 * The decision of one sync: revisions → annotations → measurements → desired pods, Services and routes → status. Pure:
 * the time is an argument. Whatever can be observed from pods and routes is not read from status.
 */
import { type AnalysisState, closeRollout } from '../analysis/analysis.js';
import { isRouted } from '../api/strategy/trafficRouting.js';
import type { Measurements } from '../fetch/measurement.js';
import type { Observation } from '../observe/observation.js';
import type { Revision } from '../observe/revisions.js';
import type { Instant } from '../schema/instant.js';
import type { Bookkeeping } from '../status/bookkeeping.js';
import type { Abort } from '../status/rolloutStatus.js';
import { planBlueGreen } from './blueGreen/blueGreen.js';
import { planPodCanary } from './canary/pods/podCanary.js';
import { planRoutedCanary } from './canary/routed/routedCanary.js';
import { readCommands } from './commands/annotations.js';
import { approvalEffects } from './commands/approval.js';
import { steer } from './commands/oneShots.js';
import { holdOf } from './commands/pause.js';
import type { Context, Unjudged } from './context.js';
import { keepHistory } from './history.js';
import { abortSlow, abortStuck } from './judgement/deadline.js';
import { judge, startAwaited } from './judgement/judge.js';
import { deadlineOf } from './judgement/progress.js';
import type { RolloutPlan } from './plan.js';
import { aborted, holdOrResume, rememberedPosition, resetSteps } from './position.js';
import { remember } from './remember.js';
import { canBeRejected, identify, isLost, isRunning } from './revisions.js';
import { mustRevert, setupHash } from './setup.js';
import { isApprovalGate } from './steps/list.js';
import type { Wait } from './wait.js';
import { wakeAt } from './wake.js';

export interface Decision extends Context {
  readonly plan: RolloutPlan;
  /** The first wait that applies. Absent if nothing is left to do. */
  readonly wait?: Wait | undefined;
  /** No progress for progressDeadlineSeconds. */
  readonly deadlineExceeded: boolean;
  /** Revisions that stay in history, oldest first. */
  readonly recorded: readonly Revision[];
  readonly analysis: AnalysisState;
  /** Notes about the analysis, for a condition. */
  readonly notes: readonly string[];
  /** What the next sync needs in addition to its observations. */
  readonly remember: Bookkeeping;
  /** When to sync even if nothing changes; absent if only an event can change anything. */
  readonly wakeAt?: Instant | undefined;
}

/** `measurements`: the available results, by key. */
export function step(observation: Observation, now: Instant, measurements: Measurements = new Map()): Decision {
  const context = judged(begin(observation, now), measurements);
  const decision = decide(context);
  const abort = decision.deadlineExceeded ? abortStuck(context) : undefined;
  return abort ? decide(abortedBy(context, abort)) : decision;
}

function decide(context: Context): Decision {
  const { now } = context;
  const plan = planFor(context);
  const { wait, findings } = startAwaited(context, awaited(context, plan));
  const { notes } = findings;
  const analysis = context.position.abort
    ? closeRollout(findings.analysis, now, 'the rollout was aborted')
    : findings.analysis;
  const effects = { ...context.effects, ...approvalEffects(context, plan.approval) };
  const remembered = remember(context, plan, wait);
  const deadline = deadlineOf(context, remembered.progress);
  return {
    ...context,
    effects,
    plan,
    wait,
    deadlineExceeded: deadline !== undefined && now >= deadline,
    recorded: recorded(context, plan),
    analysis,
    notes,
    remember: remembered,
    wakeAt: wakeAt(context, plan, wait, remembered, analysis),
  };
}

/** Identifies the revisions and applies the annotations to the position. */
function begin(observation: Observation, now: Instant): Unjudged {
  const { parent, memory, spec } = observation;
  const revisions = identify(observation);
  const running = isRunning(revisions);
  const commands = readCommands(parent, memory);
  const setup = setupHash(observation);
  const reverting = running && mustRevert(observation, setup);
  const before = rememberedPosition(observation, canBeRejected(observation, revisions));
  const remembered = reverting ? resetSteps(before) : before;
  const steered = steer(remembered, commands, running, now);
  const { held, effects } = holdOf(observation, commands, running, steered.position);
  const retried = remembered.abort !== undefined && steered.position.abort === undefined;
  const { gate } = holdOrResume(remembered, held !== false, now);
  return {
    observation,
    now,
    revisions,
    commands,
    effects: { ...steered.effects, ...effects },
    held,
    reverting,
    setupHash: setup,
    restarts: before.isNew || before.stepsChanged === true || retried,
    position: holdOrResume(steered.position, held !== false, now),
    approvalGate: gate && isApprovalGate(spec.strategy, gate.step) ? gate : undefined,
  };
}

/** Applies the measurements and the time limit of the whole rollout: an abort takes effect in this sync. */
function judged(before: Unjudged, measurements: Measurements): Context {
  const findings = judge(before, measurements);
  const abort = before.position.abort ?? findings.abort ?? abortSlow(before, findings);
  const context = { ...before, findings };
  return abort
    ? abortedBy(context, abort)
    : { ...context, stop: findings.stop, approve: findings.approval ? undefined : before.commands.approve };
}

function abortedBy(context: Context, abort: Abort): Context {
  const { position } = context;
  return {
    ...context,
    held: false,
    stop: undefined,
    approve: undefined,
    position: position.abort ? position : aborted(position, abort),
  };
}

/** One planner per strategy. */
function planFor(context: Context): RolloutPlan {
  const { strategy } = context.observation.spec;
  switch (strategy.type) {
    case 'BlueGreen':
      return planBlueGreen(context, strategy);
    case 'Canary':
      return isRouted(strategy) ? planRoutedCanary(context, strategy) : planPodCanary(context, strategy);
    case 'RollingUpdate':
      return planPodCanary(context, strategy);
    default:
      return strategy satisfies never;
  }
}

/** If stable is lost, no other wait matters until a person continues without it. */
function awaited({ revisions: { stable }, position }: Context, plan: RolloutPlan): Wait | undefined {
  return stable && isLost(stable) && !position.promoteFull && plan.stable === stable.hash
    ? { reason: 'StableLost', revision: stable.hash }
    : plan.waits[0];
}

function recorded({ observation, revisions }: Context, { stable }: RolloutPlan): readonly Revision[] {
  const inUse = new Set([revisions.updated.hash, ...(stable === undefined ? [] : [stable])]);
  return keepHistory(observation.revisions, inUse, observation.spec.revisionHistoryLimit);
}
