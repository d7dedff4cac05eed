/** The decision as status: for people, and for the next sync. */
import { withinBounds } from '../../analysis/analysis.js';
import { countPods } from '../../observe/counts.js';
import type { Observation } from '../../observe/observation.js';
import type { Parent } from '../../observe/parent.js';
import { observeSelection } from '../../observe/services.js';
import { present } from '../../schema/json.js';
import { CHANGE_CAUSE_ANNOTATIONS, STORMSERVICE_LABEL } from '../../schema/names.js';
import type { Pause } from '../../status/rolloutStatus.js';
import type { HistoryEntry, StormServiceStatus } from '../../status/schema.js';
import { writeStatus } from '../../status/status.js';
import { handledAfter } from '../commands/annotations.js';
import type { Decision } from '../step.js';
import { describeStep, stepsOf } from '../steps/list.js';
import { sentence, WAITS } from '../wait.js';
import { type Absent, statusConditions } from './conditions.js';
import { phaseOf } from './phase.js';

/** Nothing in status changes on every call: an identical status costs no write. */
export function report(decision: Decision, { missing, collisions }: Absent): StormServiceStatus {
  const { observation, commands, effects } = decision;
  const { parent, memory, spec } = observation;
  const rollout = rolloutOf(decision);
  return writeStatus({
    counts: countPods(observation),
    selector: `${STORMSERVICE_LABEL}=${parent.name}`,
    conditions: statusConditions(decision, rollout.message, { missing, collisions }),
    ...rollout,
    ...decision.remember,
    history: historyOf(decision),
    handled: handledAfter(parent, memory, commands, effects),
    analysis: withinBounds(decision.analysis, spec.analysisHistory),
    missing,
  });
}

function rolloutOf(decision: Decision) {
  const { observation, plan, position, revisions } = decision;
  const { strategy } = observation.spec;
  const hasSteps = plan.steps > 0;
  return present({
    phase: phaseOf(decision),
    message: messageOf(decision),
    strategy: strategy.type,
    stableRevision: plan.stable,
    updatedRevision: revisions.updated.hash,
    stepIndex: hasSteps ? plan.step : 0,
    step: hasSteps ? stepText(decision) : undefined,
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

function pauseOf({ plan: { gate }, wait, position }: Decision): Pause | undefined {
  if (wait?.reason === 'RolloutPaused' && position.heldSince !== undefined) {
    const reason = wait.by === 'spec' ? 'SpecPaused' : 'RolloutPauseAnnotation';
    return { reason, startedAt: position.heldSince };
  }
  if (wait?.reason === 'InconclusiveAnalysis') return { reason: wait.reason, startedAt: wait.since };
  if (!gate || !wait || WAITS[wait.reason].phase !== 'Paused') return undefined;
  const { startedAt } = gate;
  return wait.reason === 'WaitingForTime'
    ? { reason: 'PauseDuration', startedAt, until: wait.until }
    : { reason: 'PauseUntilApproval', startedAt };
}

/** Revisions to roll back to, newest first, each with its change cause. */
function historyOf({ observation: { parent }, recorded }: Decision): readonly HistoryEntry[] {
  return recorded
    .map(({ hash, number, record }) => {
      const annotations = record ? record.metadata.annotations : parent.annotations;
      const changeCause = CHANGE_CAUSE_ANNOTATIONS.flatMap(name => annotations?.[name] ?? [])[0];
      return { revision: hash, number, ...(changeCause !== undefined && { changeCause }) };
    })
    .reverse();
}

/** `3/5 pause until approved` */
function stepText({ observation: { spec }, plan }: Decision): string {
  const step = stepsOf(spec.strategy)[plan.step];
  return step ? `${plan.step + 1}/${plan.steps} ${describeStep(step)}` : `${plan.steps}/${plan.steps} done`;
}

function annotateCommand({ name, namespace }: Parent): string {
  return `kubectl annotate stormservice ${name}${namespace === 'default' ? '' : ` -n ${namespace}`}`;
}

/** One sentence: what the rollout is waiting for, its progress, and what to do. */
function messageOf(decision: Decision): string {
  const { observation, wait, position, revisions, reverting } = decision;
  const { parent, spec } = observation;
  const annotate = annotateCommand(parent);
  const awaited = wait && sentence(wait, annotate);
  const then = awaited === undefined ? '' : `; ${awaited}`;
  if (position.abort) {
    const { message } = position.abort;
    return `${revisions.stable ? 'rolled back' : 'failed'}: ${message}${then}; change the template, or retry with: ${annotate} aibrix.io/rollout-retry=true --overwrite`;
  }
  if (decision.deadlineExceeded) return `no progress for ${spec.progressDeadlineSeconds} s${then}`;
  if (reverting) return `rolling back to stable: the configuration changed, and the rollout restarts${then}`;
  return awaited ?? 'all pods are available';
}
