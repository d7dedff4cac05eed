/**
 * The walk along a canary's steps: from the step that status remembers to the first one that is not done yet. Pure and
 * the same with and without traffic routing: what makes a weight, a scale or a route done is asked of `done`.
 */
import type { PauseAction, Step } from '../api/spec.js';
import { type Instant, startOfWait } from '../schema/instant.js';
import type { Gate } from '../status/bookkeeping.js';
import { passes, type WaitingGate, whyUnused } from './approval.js';
import type { Command } from './commands.js';
import type { Wait } from './wait.js';

export interface Walk {
  readonly steps: readonly Step[];
  /** Hash of the revision that walks. */
  readonly revision: string;
  readonly from: number;
  /** The pause that status shows as waiting at `from`. */
  readonly gate?: Gate | undefined;
  readonly approve?: Command | undefined;
  readonly now: Instant;
  /** What step i still waits for, of what can be observed; undefined: it is done. Not asked for pauses. */
  readonly done: (index: number) => Wait | undefined;
}

export interface Arrival {
  /** steps.length: all steps are done. */
  readonly step: number;
  readonly gate?: Gate;
  readonly wait?: Wait;
  /** What the approval has done; absent when there was none. */
  readonly approval?: Approval;
}

export interface CanaryArrival extends Arrival {
  /**
   * The step whose pods and traffic are due: `step`, but for a sync that finds an earlier one done by what it observes.
   * Status says so first: else the next sync, if it sees the status of before, finds it undone by what came of it.
   */
  readonly due: number;
}

export interface Approval {
  readonly passed: boolean;
  readonly effect: string;
}

export function walk({ steps, revision, from, gate: waiting, approve, now, done }: Walk): CanaryArrival {
  let approval: Approval | undefined;
  let reached: WaitingGate | undefined;
  let due: number | undefined;
  const approved = (step: number, recorded: boolean): boolean => {
    reached = { revision, step, recorded };
    if (!approve || approval !== undefined || !passes(approve, reached)) return false;
    approval = { passed: true, effect: `passed step ${step + 1} of ${steps.length} of revision ${revision}` };
    return true;
  };
  const arrive = (at: Arrival): CanaryArrival => {
    const arrival = { ...at, due: due ?? at.step };
    if (!approve) return arrival;
    return { ...arrival, approval: approval ?? { passed: false, effect: whyUnused(approve, reached) } };
  };

  for (let i = from; ; i++) {
    const step = steps[i];
    if (step === undefined) return arrive({ step: steps.length });
    if (step.action !== 'pause') {
      const wait = done(i);
      if (wait) return arrive({ step: i, wait });
      due ??= i;
      continue;
    }
    const recorded = waiting?.step === i ? waiting : undefined;
    const gate = recorded ?? { step: i, startedAt: startOfWait(now) };
    const wait = pauseAt(step, gate, revision, now);
    if (wait && !approved(i, recorded !== undefined)) return arrive({ step: i, gate, wait });
  }
}

function pauseAt({ seconds }: PauseAction, gate: Gate, revision: string, now: Instant): Wait | undefined {
  if (seconds === null) return { reason: 'WaitingForApproval', revision, step: gate.step };
  const until = gate.startedAt + seconds * 1000;
  return now < until ? { reason: 'WaitingForTime', until } : undefined;
}
