/**
 * The decision of one sync: observe → who is who → what people ask for → how far the steps are → what pods, Services
 * and routes shall be. Pure: the time is an argument. Status remembers, but where pods and routes can be read they are.
 */

import { type AnalysisState, closeRollout } from '../analysis/analysis.js';
import type { Measurements } from '../fetch/measurement.js';
import type { Observation } from '../observe/observation.js';
import type { Revision } from '../observe/revisions.js';
import type { Instant } from '../schema/instant.js';
import type { Commands, Effects } from './commands/annotations.js';
import { approvalEffects, waitingGate } from './commands/pause.js';
import { keepHistory } from './history.js';
import type { Case } from './judgement/case.js';
import { deadlineExceeded } from './judgement/deadline.js';
import { ensureAwaited, type Judgement, judge } from './judgement/judgement.js';
import { takenBack, waitedFor, withStart } from './judgement/takenBack.js';
import { takeOrders } from './orders.js';
import type { Plan, Turn } from './plan.js';
import type { Position } from './position.js';
import { identify, isLost, type Situation } from './revisions.js';
import { planFor } from './strategy.js';

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
  const orders = takeOrders(observation, situation, now);
  const { commands, hold, reverting } = orders;
  const { approve } = commands;
  const given: Case = { observation, situation, ...orders, approve, measurements, now };
  const judged = judge(given);
  const held = hold.held !== false;
  const late = !held && deadlineExceeded(observation, orders.position, now);
  const waited = waitedFor(observation, orders.remembered, judged);
  const position = takenBack(given, judged, held || waited !== undefined, late);
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
  const { plan, judgement } = withAnalysis(given, judged, withLoss(turn, planFor(turn)));
  return {
    situation,
    plan,
    position: withStart(position, waited, plan, now),
    commands,
    effects: {
      ...orders.effects,
      ...approvalEffects(commands, judged.approval ?? plan.approval, hold, waitingGate(turn)),
    },
    deadlineExceeded: late,
    reverting,
    recorded: recorded(observation, situation, plan),
    setupHash: (reverting && plan.wait && observation.memory.setupHash) || orders.setup,
    analysis: position.abort ? closeRollout(judgement.analysis, now, 'the rollout was aborted') : judgement.analysis,
    notes: judgement.notes,
  };
}

function recorded({ revisions, spec }: Observation, { updated }: Situation, { stable }: Plan): readonly Revision[] {
  const inUse = new Set([updated.hash, ...(stable === undefined ? [] : [stable])]);
  return keepHistory(revisions, inUse, spec.revisionHistoryLimit);
}

/** Without stable nothing else that is awaited matters, until a person goes on without it. */
function withLoss({ situation, position }: Turn, plan: Plan): Plan {
  const { stable } = situation;
  if (!stable || !isLost(stable) || position.promoteFull || plan.stable !== stable.hash) return plan;
  return { ...plan, wait: { reason: 'StableLost', revision: stable.hash } };
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
