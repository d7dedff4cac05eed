/** The decision as status: what a person reads, and what the next sync needs to remember. */
import { withinBounds } from '../../analysis/analysis.js';
import { countPods } from '../../observe/counts.js';
import type { Observation } from '../../observe/observation.js';
import type { Parent } from '../../observe/parent.js';
import { observeSelection } from '../../observe/services.js';
import type { Instant } from '../../schema/instant.js';
import { present } from '../../schema/json.js';
import { CHANGE_CAUSE_ANNOTATIONS, STORMSERVICE_LABEL } from '../../schema/names.js';
import type { Bookkeeping } from '../../status/bookkeeping.js';
import type { Pause } from '../../status/rolloutStatus.js';
import type { HistoryEntry, StormServiceStatus } from '../../status/schema.js';
import { writeStatus } from '../../status/status.js';
import { handledAfter } from '../commands.js';
import { progressedAt } from '../judgement/deadline.js';
import { stepsHash } from '../position.js';
import { isRunning } from '../situation.js';
import type { Decision } from '../step.js';
import { describeStep, stepsOf } from '../steps.js';
import { isPause, sentence, standsStill } from '../wait.js';
import { type Absent, conditionsOf } from './conditions.js';
import { phaseOf } from './phase.js';

/** Status holds nothing that changes on every call: identical ones cost no write. */
export function report(observation: Observation, decision: Decision, absent: Absent, now: Instant): StormServiceStatus {
  const { parent, memory, spec } = observation;
  const rollout = rolloutOf(observation, decision);
  return writeStatus({
    counts: countPods(observation),
    selector: `${STORMSERVICE_LABEL}=${parent.name}`,
    conditions: conditionsOf(observation, decision, rollout.phase, rollout.message, absent, now),
    ...rollout,
    ...bookkeepingOf(observation, decision, now),
    history: historyOf(observation, decision),
    handled: handledAfter(parent, memory, decision.commands, decision.effects),
    analysis: withinBounds(decision.analysis, spec.analysisHistory),
    missing: absent.missing,
  });
}

function rolloutOf(observation: Observation, decision: Decision) {
  const { plan, position, situation } = decision;
  const { strategy } = observation.spec;
  const hasSteps = plan.steps > 0;
  return present({
    phase: phaseOf(decision),
    message: messageOf(observation, decision),
    strategy: strategy.type,
    stableRevision: plan.stable,
    updatedRevision: situation.updated.hash,
    stepIndex: hasSteps ? plan.step : 0,
    step: hasSteps ? stepText(observation, decision) : undefined,
    canaryWeight: strategy.type === 'Canary' ? plan.weight : undefined,
    observedWeight: plan.observedWeight,
    pause: pauseOf(decision),
    abort: position.abort,
    blueGreen: strategy.type === 'BlueGreen' ? blueGreenOf(observation, strategy) : undefined,
  });
}

function blueGreenOf(
  { children }: Observation,
  { activeService, previewService }: { readonly activeService: string; readonly previewService: string },
) {
  return present({
    activeRevision: observeSelection(children, activeService),
    previewRevision: observeSelection(children, previewService),
  });
}

function pauseOf({ plan, position }: Decision): Pause | undefined {
  const { wait, gate } = plan;
  if (wait?.reason === 'RolloutPaused' && position.heldSince !== undefined) {
    const reason = wait.by === 'spec' ? 'SpecPaused' : 'RolloutPauseAnnotation';
    return { reason, startedAt: position.heldSince };
  }
  if (wait?.reason === 'InconclusiveAnalysis') return { reason: wait.reason, startedAt: wait.since };
  if (!gate || !wait || !isPause(wait)) return undefined;
  const { startedAt } = gate;
  return wait.reason === 'WaitingForTime'
    ? { reason: 'PauseDuration', startedAt, until: wait.until }
    : { reason: 'PauseUntilApproval', startedAt };
}

function bookkeepingOf(observation: Observation, decision: Decision, now: Instant): Bookkeeping {
  const { plan, position, situation } = decision;
  const running = isRunning(situation) && plan.stable !== situation.updated.hash;
  const moving = plan.wait !== undefined && !standsStill(plan.wait) && !position.abort;
  return present({
    setupHash: decision.setupHash,
    stepsHash: stepsHash(observation.spec),
    gate: plan.gate,
    promoteFull: running && position.promoteFull,
    heldSince: position.heldSince,
    startedAt: running && !position.abort ? position.startedAt : undefined,
    progressedAt: moving ? progressedAt(observation, position, plan.step, now) : undefined,
    scaleDownAt: plan.scaleDownAt,
    routeSeen: plan.routeSeen,
  });
}

/** Revisions that can be gone back to, newest first, each with the change cause that was given with it. */
function historyOf({ parent }: Observation, { recorded }: Decision): readonly HistoryEntry[] {
  return recorded
    .map(({ hash, number, record }) => {
      const annotations = record ? record.metadata.annotations : parent.annotations;
      const changeCause = CHANGE_CAUSE_ANNOTATIONS.flatMap(name => annotations?.[name] ?? [])[0];
      return { revision: hash, number, ...(changeCause !== undefined && { changeCause }) };
    })
    .reverse();
}

/** `3/5 pause until approved` */
function stepText({ spec }: Observation, { plan }: Decision): string {
  const step = stepsOf(spec.strategy)[plan.step];
  return step ? `${plan.step + 1}/${plan.steps} ${describeStep(step)}` : `${plan.steps}/${plan.steps} done`;
}

function annotateCommand({ name, namespace }: Parent): string {
  return `kubectl annotate stormservice ${name}${namespace === 'default' ? '' : ` -n ${namespace}`}`;
}

/** One sentence: what is awaited, how far it is, what to do. */
function messageOf({ parent, spec }: Observation, decision: Decision): string {
  const { plan, position, situation, reverting } = decision;
  const annotate = annotateCommand(parent);
  const awaited = plan.wait && sentence(plan.wait, annotate);
  const then = awaited === undefined ? '' : `; ${awaited}`;
  if (position.abort) {
    const { message } = position.abort;
    return `${situation.stable ? 'rolled back' : 'failed'}: ${message}${then}; change the template, or try again with: ${annotate} aibrix.io/rollout-retry=true --overwrite`;
  }
  if (decision.deadlineExceeded) return `nothing has moved for ${spec.progressDeadlineSeconds} s${then}`;
  if (reverting) return `going back to stable: the rollout was configured anew and starts again${then}`;
  return awaited ?? 'all pods are available';
}
