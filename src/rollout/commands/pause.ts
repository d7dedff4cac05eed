/** rollout-pause and spec.paused, and what an approval does to them. */

import type { Observation } from '../../observe/observation.js';
import { APPROVE_ANNOTATION, PAUSE_ANNOTATION } from '../../schema/names.js';
import type { Turn } from '../plan.js';
import type { Position } from '../position.js';
import type { Approval } from '../steps/advance.js';
import { bindingOf, type Commands, type Effects } from './annotations.js';
import { type WaitingGate, whyUnused } from './approval.js';

export interface Hold {
  readonly held: Turn['held'];
  readonly effects: Effects;
}

/**
 * Whether the rollout is held. An approval clears rollout-pause's hold, unless it is bound to a gate that does not wait:
 * such a one passes nothing. A first deployment is not held, and going back never is.
 */
export function holdOf({ spec, target }: Observation, commands: Commands, running: boolean, position: Position): Hold {
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
export function waitingGate({ held, position: { gate }, observation }: Turn): WaitingGate | undefined {
  return held && gate ? { revision: observation.target, step: gate.step, recorded: true } : undefined;
}

/** What the approval did, as status says it. */
export function approvalEffects(
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
