/** Which gate an approval passes, and its effect in status. */
import { APPROVE_ANNOTATION, PAUSE_ANNOTATION } from '../../schema/names.js';
import type { Context } from '../context.js';
import { type Approval, bindingOf, type Command, type Effects } from './annotations.js';

/** The gate that waits for a person. `recorded`: an earlier status already showed it. */
export interface WaitingGate {
  readonly revision: string;
  readonly step: number | undefined;
  readonly recorded: boolean;
}

/**
 * Whether an approval passes a gate. An approval without a gate passes only a gate that status already showed: nobody
 * could have meant one that was reached in this very sync. An approval with a gate passes exactly that one.
 */
export function passes(approve: Command, gate: WaitingGate): boolean {
  const binding = bindingOf(approve);
  if (binding === 'any') return gate.recorded;
  return binding.revision === gate.revision && binding.step === gate.step;
}

/** Why an approval had no effect. */
export function whyUnused(approve: Command, gate: WaitingGate | undefined): string {
  if (!gate) return 'ignored: no gate is waiting';
  const waiting = `${gate.revision}:${gate.step}`;
  return bindingOf(approve) === 'any'
    ? `ignored: ${waiting} was reached only in this sync; approve it now`
    : `ignored: ${waiting} is waiting, not ${approve.value}`;
}

/** The effect of the approval, for status. `walked`: its effect on the steps. */
export function approvalEffects(context: Context, walked: Approval | undefined): Effects {
  const { commands, effects, held, findings } = context;
  const { approve } = commands;
  if (!approve) return {};
  const approval = findings.approval ?? walked;
  if (effects[PAUSE_ANNOTATION] !== undefined) {
    return {
      [APPROVE_ANNOTATION]: approval?.passed ? `cleared rollout-pause and ${approval.effect}` : 'cleared rollout-pause',
    };
  }
  const underHold =
    held === 'spec' ? 'ignored: spec.paused holds the rollout' : whyUnused(approve, gateUnderHold(context));
  return { [APPROVE_ANNOTATION]: approval?.effect ?? underHold };
}

/** The gate that waits during a hold, when no steps advance. */
function gateUnderHold({ held, position: { gate }, observation }: Context): WaitingGate | undefined {
  return held && gate ? { revision: observation.target, step: gate.step, recorded: true } : undefined;
}
