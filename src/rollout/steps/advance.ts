/**
 * How far a canary's steps are: from the step that status remembers to the first one that is not done yet. The same with
 * and without traffic routing: what makes a weight, a scale or a route done is asked of `done`.
 */
import type { CanaryStrategy, PauseAction, Step } from '../../api/spec.js';
import { type Instant, startOfWait } from '../../schema/instant.js';
import type { Gate } from '../../status/bookkeeping.js';
import type { Approval, Command } from '../commands/annotations.js';
import { passes, type WaitingGate, whyUnused } from '../commands/approval.js';
import { type Context, goesBack } from '../context.js';
import { analysisWait } from '../judgement/judge.js';
import type { Position } from '../position.js';
import { isRunning } from '../revisions.js';
import type { Wait } from '../wait.js';
import { isInRollbackWindow } from './rollbackWindow.js';

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

/** `done`: what step i, neither a pause nor an analysis, still waits for; undefined: it is done. */
export function advance(
  context: Context,
  { steps, rollbackWindow }: Pick<CanaryStrategy, 'steps' | 'rollbackWindow'>,
  done: (index: number) => Wait | undefined,
): CanaryArrival {
  const { position, held, revisions, findings, stop, approve, now } = context;
  const { hash: revision } = revisions.updated;
  if (!isRunning(revisions)) return { step: steps.length, due: steps.length };
  if (goesBack(context)) return { step: 0, due: 0 };
  if (held) return standStill(position, { reason: 'RolloutPaused', by: held });
  if (stop) return standStill(position, stop);
  const skips = position.promoteFull || isInRollbackWindow(revisions, rollbackWindow);
  return walk({
    steps,
    revision,
    from: skips ? steps.length : Math.min(position.step, steps.length),
    gate: position.gate,
    approve,
    now,
    done: i =>
      steps[i]?.action === 'analysis' ? analysisWait(findings.analysis, { kind: 'step', revision, step: i }) : done(i),
  });
}

/** Where it was, with its gate, and why it stays there. */
export function standStill({ step, gate }: Position, wait: Wait): CanaryArrival {
  return { step, due: step, wait, ...(gate && { gate }) };
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
