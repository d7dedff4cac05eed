/** What was measured says whether the rollout may go on: read before the plan, so that a failure acts in its own sync. */

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
import { fromRfc3339, type Instant, startOfWait, toRfc3339 } from '../../schema/instant.js';
import { describe } from '../../schema/problem.js';
import type { Abort } from '../../status/rolloutStatus.js';
import { passes, whyUnused } from '../approval.js';
import { isJudged } from '../situation.js';
import type { Wait } from '../wait.js';
import type { Approval } from '../walk.js';
import { contextOf, sourceOf, watchesOf, withoutSkipped } from './analyses.js';
import type { Case } from './case.js';

export interface Judgement {
  /** Runs with what has been measured by now. */
  readonly analysis: AnalysisState;
  /** Why the rollout is taken back in this sync. */
  readonly abort?: Abort;
  /** Steps stand still: a person must decide, or the analysis cannot begin. */
  readonly stop?: Wait;
  /** Since when status shows that an undecided analysis waits for a person. */
  readonly undecidedSince?: Instant;
  /** What an approval did to an undecided analysis. */
  readonly approval?: Approval;
  /** Worth a condition. */
  readonly notes: readonly string[];
}

export function judge(given: Case): Judgement {
  const { observation, situation, position, restarts, reverting, measurements, now } = given;
  const remembered = observation.memory.analysis;
  if (!isJudged(observation, situation)) {
    return { analysis: closeRollout(remembered, now, 'the rollout is over'), notes: [] };
  }
  if (position.abort) return { analysis: closeRollout(remembered, now, 'the rollout was aborted'), notes: [] };
  if (reverting) return { analysis: closeRollout(remembered, now, 'the rollout is configured anew'), notes: [] };
  // What watches from the start begins, or says why it cannot, before the first pod comes.
  if (restarts) return watch(given, closeRollout(remembered, now, 'the steps began anew'));
  const measured = takeMeasurements(remembered, observation.parent.uid, measurements, now);
  const { autoRollback } = observation.spec.strategy;
  const before = judgeRollout(remembered, autoRollback);
  const undecidedSince = before.verdict === 'hold' ? endOf(before.run) : undefined;
  const watched = {
    ...watch(given, withoutSkipped(given, measured)),
    ...(undecidedSince !== undefined && { undecidedSince }),
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
 * An undecided run waits for a person. One that status did not show yet cannot have been meant by an approval, unless
 * that names the analysis' own step: what watches beside the steps could be undecided at any of them.
 */
function hold(
  { approve, situation, position, now }: Case,
  judged: Judgement,
  remembered: AnalysisState,
  { run, message }: Extract<Verdict, { verdict: 'hold' }>,
): Judgement {
  const { step } = position;
  const revision = situation.updated.hash;
  const recorded = remembered.runs.some(({ id, phase }) => id === run.id && phase === run.phase);
  const gate = { revision, step, recorded };
  const canBeMeant = recorded || (run.kind !== 'background' && run.kind !== 'healthCheck');
  if (approve && canBeMeant && passes(approve, gate)) {
    return {
      ...judged,
      analysis: approveRun(judged.analysis, run.id),
      approval: { passed: true, effect: `passed the ${run.kind} analysis of revision ${revision}` },
    };
  }
  const late = 'passed nothing: an analysis became undecided only in the same sync; approve it now';
  return {
    ...judged,
    ...(approve && { approval: { passed: false, effect: recorded ? whyUnused(approve, gate) : late } }),
    stop: { reason: 'InconclusiveAnalysis', revision, step, message, since: endOf(run) ?? startOfWait(now) },
  };
}

function endOf({ finishedAt }: Run): Instant | undefined {
  return fromRfc3339(finishedAt);
}

/** Begins the analyses that go on beside the steps. */
function watch(given: Case, analysis: AnalysisState): Judgement {
  let judged: Judgement = { analysis, notes: [] };
  for (const { purpose, source } of watchesOf(given)) {
    const ensured = ensureRun(judged.analysis, purpose, source, contextOf(given), given.now);
    judged = ensured.ok
      ? { ...judged, analysis: ensured.state, notes: noted(judged.notes, ensured.note) }
      : { ...judged, stop: notReady(ensured) };
  }
  return judged;
}

/** The analysis that a plan waits for, begun if it has not been. */
export function ensureAwaited(
  given: Pick<Case, 'observation' | 'situation' | 'now'>,
  judged: Judgement,
  wait: Extract<Wait, { reason: 'WaitingForAnalysis' }>,
): { readonly judgement: Judgement; readonly wait: Wait } {
  const source = sourceOf(given.observation.spec, wait.purpose);
  if (!source) return { judgement: judged, wait };
  const ensured = ensureRun(judged.analysis, wait.purpose, source, contextOf(given), given.now);
  if (!ensured.ok) return { judgement: judged, wait: notReady(ensured) };
  return {
    judgement: { ...judged, analysis: ensured.state, notes: noted(judged.notes, ensured.note) },
    wait: { ...wait, progress: progressOf(ensured.run) },
  };
}

/** What an analysis still lacks; undefined once it has succeeded or a person let it pass. */
export function analysisWait(analysis: AnalysisState, purpose: Purpose): Wait | undefined {
  const run = findRun(analysis, purpose);
  if (run && (run.phase === 'Successful' || run.approved)) return undefined;
  return { reason: 'WaitingForAnalysis', purpose, progress: run ? progressOf(run) : 'it begins' };
}

function progressOf({ metrics }: Run): string {
  const done = metrics.filter(({ phase }) => phase !== 'Running').length;
  const measured = metrics.reduce((sum, { measurements }) => sum + measurements.length, 0);
  return `${done} of ${metrics.length} metrics done, ${measured} measurements`;
}

function abortOf({ reason, message, measurement }: Extract<Verdict, { verdict: 'rollback' }>, now: Instant): Abort {
  return { reason, message, at: measurement?.at ?? toRfc3339(startOfWait(now)) };
}

function notReady({ problems }: Extract<Ensured, { ok: false }>): Wait {
  return { reason: 'AnalysisNotReady', message: problems.map(describe).join('. ') };
}

function noted(notes: readonly string[], note: string | undefined): readonly string[] {
  return note === undefined ? notes : [...notes, note];
}
