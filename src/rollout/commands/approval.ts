import { bindingOf, type Command } from './annotations.js';

/** What waits for a person now. `recorded`: an earlier sync wrote into status that it waits, so it could be seen. */
export interface WaitingGate {
  readonly revision: string;
  readonly step: number;
  readonly recorded: boolean;
}

/**
 * Whether an approval passes a gate. One that names no gate passes only what status already showed as waiting: nobody
 * can have meant a gate that was reached in this very sync. One that names a gate passes exactly that one.
 */
export function passes(approve: Command, gate: WaitingGate): boolean {
  const binding = bindingOf(approve);
  if (binding === 'any') return gate.recorded;
  return binding.revision === gate.revision && binding.step === gate.step;
}

/** Why an approval had no effect. */
export function whyUnused(approve: Command, gate: WaitingGate | undefined): string {
  if (!gate) return 'passed nothing: nothing was waiting for approval';
  const waiting = `${gate.revision}:${gate.step}`;
  return bindingOf(approve) === 'any'
    ? `passed nothing: ${waiting} was reached only in the same sync; approve it now`
    : `passed nothing: ${waiting} is waiting, not ${approve.value}`;
}
