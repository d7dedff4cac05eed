/** Whether the measurements let the rollout continue: judged before the plan, so that a failure acts in the same sync. */

import {
  type AnalysisState,
  approveRun,
  closeRollout,
  type Ensured,
  ensureRun,
  findRun,
  judgeRollout,
  type Purpose,
  type Run,
  takeMeasurements,
  type Verdict,
} from '../../analysis/analysis.js';
import type { Measurements } from '../../fetch/measurement.js';
import { fromRfc3339, type Instant, startOfWait, toRfc3339 } from '../../schema/instant.js';
import { describeAll } from '../../schema/problem.js';
import type { Abort } from '../../status/rolloutStatus.js';
import { passes, whyUnused } from '../commands/approval.js';
import type { Context, Findings, Unjudged } from '../context.js';
import { canBeRejected } from '../revisions.js';
import type { Wait } from '../wait.js';
import { analysisContext, continuousAnalyses, sourceOf, withoutSkipped } from './analyses.js';

export function judge(given: Unjudged, measurements: Measurements): Findings {
  const { observation, revisions, position, restarts, reverting, now } = given;
  const remembered = observation.memory.analysis;
  if (!canBeRejected(observation, revisions)) {
    return { analysis: closeRollout(remembered, now, 'the rollout is complete'), notes: [] };
  }
  if (position.abort) return { analysis: closeRollout(remembered, now, 'the rollout was aborted'), notes: [] };
  if (reverting) return { analysis: closeRollout(remembered, now, 'the configuration changed'), notes: [] };
  // Analyses beside the steps start, or report why they cannot, before the first pod is created.
  if (restarts) return watch(given, closeRollout(remembered, now, 'the steps restarted'));
  const measured = takeMeasurements(remembered, observation.parent.uid, measurements, now);
  const { autoRollback } = observation.spec.strategy;
  const before = judgeRollout(remembered, autoRollback);
  const inconclusiveSince = before.verdict === 'hold' ? endOf(before.run) : undefined;
  const watched = {
    ...watch(given, withoutSkipped(given, measured)),
    ...(inconclusiveSince !== undefined && { inconclusiveSince }),
  };
  const verdict = judgeRollout(watched.analysis, autoRollback);
  switch (verdict.verdict) {
    case 'proceed':
      return watched;
    case 'hold':
      return hold(given, watched, remembered, verdict);
    case 'rollback':
      return { ...watched, abort: abortOf(verdict, now) };
    default:
      return verdict satisfies never;
  }
}

/**
 * An inconclusive run waits for a person. An approval cannot have meant one that status did not show yet, unless it names
 * the step of that analysis: a background run could be inconclusive at any step.
 */
function hold(
  { commands: { approve }, revisions, position, now }: Unjudged,
  findings: Findings,
  remembered: AnalysisState,
  { run, message }: Extract<Verdict, { verdict: 'hold' }>,
): Findings {
  const { step } = position;
  const revision = revisions.updated.hash;
  const recorded = remembered.runs.some(({ id, phase }) => id === run.id && phase === run.phase);
  const gate = { revision, step, recorded };
  const canBeApproved = recorded || (run.kind !== 'background' && run.kind !== 'healthCheck');
  if (approve && canBeApproved && passes(approve, gate)) {
    return {
      ...findings,
      analysis: approveRun(findings.analysis, run.id),
      approval: { passed: true, effect: `passed the ${run.kind} analysis of revision ${revision}` },
    };
  }
  const late = 'ignored: an analysis became inconclusive only in this sync; approve it now';
  return {
    ...findings,
    ...(approve && { approval: { passed: false, effect: recorded ? whyUnused(approve, gate) : late } }),
    stop: { reason: 'InconclusiveAnalysis', revision, step, message, since: endOf(run) ?? startOfWait(now) },
  };
}

function endOf({ finishedAt }: Run): Instant | undefined {
  return fromRfc3339(finishedAt);
}

/** Starts the analyses that run beside the steps. */
function watch(given: Unjudged, analysis: AnalysisState): Findings {
  let findings: Findings = { analysis, notes: [] };
  for (const { purpose, source } of continuousAnalyses(given)) {
    const ensured = ensureRun(findings.analysis, purpose, source, analysisContext(given), given.now);
    findings = ensured.ok
      ? { ...findings, analysis: ensured.state, notes: noted(findings.notes, ensured.note) }
      : { ...findings, stop: notReady(ensured) };
  }
  return findings;
}

/** Starts the analysis that the rollout waits for, if it has not started. */
export function startAwaited(
  context: Context,
  wait: Wait | undefined,
): { readonly wait: Wait | undefined; readonly findings: Findings } {
  const { observation, findings, now } = context;
  const source = wait?.reason === 'WaitingForAnalysis' ? sourceOf(observation.spec, wait.purpose) : undefined;
  if (wait?.reason !== 'WaitingForAnalysis' || !source) return { wait, findings };
  const ensured = ensureRun(findings.analysis, wait.purpose, source, analysisContext(context), now);
  if (!ensured.ok) return { wait: notReady(ensured), findings };
  return {
    wait: { ...wait, progress: progressOf(ensured.run) },
    findings: { ...findings, analysis: ensured.state, notes: noted(findings.notes, ensured.note) },
  };
}

/** Waits for an analysis; undefined once it has succeeded or was approved. */
export function analysisWait(analysis: AnalysisState, purpose: Purpose): Wait | undefined {
  const run = findRun(analysis, purpose);
  if (run && (run.phase === 'Successful' || run.approved)) return undefined;
  return { reason: 'WaitingForAnalysis', purpose, progress: run ? progressOf(run) : 'starting' };
}

function progressOf({ metrics }: Run): string {
  const done = metrics.filter(({ phase }) => phase !== 'Running').length;
  const measured = metrics.reduce((sum, { measurements }) => sum + measurements.length, 0);
  const postponed = metrics.find(({ postponedSince }) => postponedSince !== undefined);
  const note = postponed === undefined ? '' : `; metric "${postponed.name}" ${postponed.message}`;
  return `${done} of ${metrics.length} metrics done, ${measured} measurements${note}`;
}

function abortOf({ reason, message, measurement }: Extract<Verdict, { verdict: 'rollback' }>, now: Instant): Abort {
  return { reason, message, at: measurement?.at ?? toRfc3339(startOfWait(now)) };
}

function notReady({ problems }: Extract<Ensured, { ok: false }>): Wait {
  return { reason: 'AnalysisNotReady', message: describeAll(problems) };
}

function noted(notes: readonly string[], note: string | undefined): readonly string[] {
  return note === undefined ? notes : [...notes, note];
}
