/**
 * Advances a canary's steps from the step in status to the first one that is not done. The same with and without traffic
 * routing: `done` decides when a weight, a scale or a route is done.
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
  /** Hash of the revision that is rolled out. */
  readonly revision: string;
  readonly from: number;
  /** The pause that status shows at `from`. */
  readonly gate?: Gate | undefined;
  readonly approve?: Command | undefined;
  readonly now: Instant;
  /** The wait of step i, by observation; undefined if it is done. Not called for pauses. */
  readonly done: (index: number) => Wait | undefined;
}

export interface Arrival {
  /** steps.length: all steps are done. */
  readonly step: number;
  readonly gate?: Gate;
  readonly wait?: Wait;
  /** The effect of the approval, if there was one. */
  readonly approval?: Approval;
}

export interface CanaryArrival extends Arrival {
  /**
   * The step whose pods and traffic apply: `step`, except in a sync that observes that an earlier one is done. Status
   * records that first: otherwise the next sync, with a stale status, would find the step undone by its own changes.
   */
  readonly due: number;
}

/** `done`: the wait of step i, neither a pause nor an analysis; undefined if it is done. */
export function advance(
  context: Context,
  { steps, rollbackWindow }: Pick<CanaryStrategy, 'steps' | 'rollbackWindow'>,
  done: (index: number) => Wait | undefined,
): CanaryArrival {
  const { position, held, revisions, findings, stop, approve, now } = context;
  const { hash: revision } = revisions.updated;
  if (!isRunning(revisions)) return { step: steps.length, due: steps.length };
  if (goesBack(context)) return { step: 0, due: 0 };
  if (held) return stayAt(position, { reason: 'RolloutPaused', by: held });
  if (stop) return stayAt(position, stop);
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

/** Stays at the step and its gate, with the reason. */
export function stayAt({ step, gate }: Position, wait: Wait): CanaryArrival {
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
