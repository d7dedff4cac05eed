/**
 * The decision of one sync: observe → who is who → what people ask for → how far the steps are → what pods, Services
 * and routes shall be. Pure: the time is an argument. Status remembers, but where pods and routes can be read they are.
 */

import { type Instant, startOfWait, toRfc3339 } from '../instant.js';
import { APPROVE_ANNOTATION, PAUSE_ANNOTATION } from '../names.js';
import type { Abort } from '../observe/memory.js';
import type { Observation } from '../observe/observation.js';
import { hash } from '../revision/hash.js';
import { bindingOf, type Commands, type Effects, readCommands } from './commands.js';
import { deadlineExceeded } from './deadline.js';
import type { Plan, Turn } from './plan.js';
import { aborted, holdOrResume, type Position, rememberedPosition, steer } from './position.js';
import { identify, isRunning, type Situation } from './situation.js';
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
  /** Of the configuration that the rollout runs under. */
  readonly setupHash: string;
}

export function step(observation: Observation, now: Instant): Decision {
  const situation = identify(observation);
  const commands = readCommands(observation.parent, observation.memory);
  const running = isRunning(situation);
  const setup = setupHash(observation);
  const reverting = running && mustRevert(observation, setup);
  const steered = steer(reverting ? begin() : rememberedPosition(observation), commands, running, now);
  const hold = holdOf(observation, commands, running, steered.position);
  const resumed = holdOrResume(steered.position, hold.held !== false, now);
  const late = hold.held === false && deadlineExceeded(observation, resumed, now);
  const position =
    late && running && observation.spec.progressDeadlineAbort
      ? aborted(resumed, deadlineAbort(observation, now))
      : resumed;
  const turn: Turn = {
    observation,
    situation,
    position,
    held: hold.held,
    reverting,
    now,
    ...(commands.approve && { approve: commands.approve }),
  };
  const plan = planFor(turn);
  return {
    situation,
    plan,
    position,
    commands,
    effects: { ...steered.effects, ...hold.effects, ...approvalEffects(commands, plan, hold.effects) },
    deadlineExceeded: late,
    reverting,
    setupHash: reverting && plan.wait !== undefined ? (observation.memory.setupHash ?? setup) : setup,
  };
}

function begin(): Position {
  return { step: 0, promoteFull: false, begins: true };
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

function approvalEffects({ approve }: Commands, { approval }: Plan, hold: Effects): Effects {
  if (!approve) return {};
  const cleared = hold[PAUSE_ANNOTATION] !== undefined;
  const effect = approval?.effect ?? 'passed nothing: nothing was waiting for approval';
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
