/** The decision as status: what a person reads, and what the next sync needs to remember. */
import { writeAnalysisState } from '../../analysis/analysis.js';
import { countPods } from '../../observe/counts.js';
import type { Observation } from '../../observe/observation.js';
import type { Parent } from '../../observe/parent.js';
import { observeSelection } from '../../observe/services.js';
import { toRfc3339 } from '../../schema/instant.js';
import { CHANGE_CAUSE_ANNOTATIONS, STORMSERVICE_LABEL } from '../../schema/names.js';
import type { Bookkeeping } from '../../status/memory.js';
import { handledAfter } from '../commands/annotations.js';
import type { Decision } from '../step.js';
import { describeStep, stepsOf } from '../steps/list.js';
import { sentence, WAITS } from '../wait.js';
import { type Absent, statusConditions } from './conditions.js';
import { phaseOf } from './phase.js';

export type Status = Readonly<Record<string, unknown>>;

/** Status holds nothing that changes on every call: identical ones cost no write. */
export function report(decision: Decision, absent: Absent): Status {
  const { observation } = decision;
  const { parent, memory } = observation;
  const rolloutStatus = rolloutStatusOf(decision);
  const handled = handledAfter(parent, memory, decision.commands, decision.effects);
  return {
    ...countPods(observation),
    selector: `${STORMSERVICE_LABEL}=${parent.name}`,
    conditions: statusConditions(decision, rolloutStatus.message, absent),
    rolloutStatus,
    bookkeeping: written(decision.remember),
    history: historyOf(decision),
    ...(handled.length > 0 && { handledAnnotations: handled }),
    ...writeAnalysisState(decision.analysis, observation.spec.analysisHistory),
    ...(absent.missing.length > 0 && { missing: absent.missing }),
  };
}

function rolloutStatusOf(decision: Decision) {
  const { observation, plan, position, revisions } = decision;
  const { strategy } = observation.spec;
  const { abort } = position;
  const pause = pauseOf(decision);
  return {
    phase: phaseOf(decision),
    message: messageOf(decision),
    strategy: strategy.type,
    ...(plan.stable !== undefined && { stableRevision: plan.stable }),
    updatedRevision: revisions.updated.hash,
    ...(plan.steps > 0 && { currentStepIndex: plan.step, step: stepText(decision) }),
    ...(strategy.type === 'Canary' && { canaryWeight: plan.weight }),
    ...(plan.observedWeight !== undefined && { observedWeight: plan.observedWeight }),
    ...(pause && { pause }),
    ...(abort && { abort }),
    ...(strategy.type === 'BlueGreen' && { blueGreen: blueGreenOf(observation, strategy) }),
  };
}

function blueGreenOf(
  { children }: Observation,
  { activeService, previewService }: { readonly activeService: string; readonly previewService: string },
) {
  const active = observeSelection(children, activeService);
  const preview = observeSelection(children, previewService);
  return {
    ...(active !== undefined && { activeRevision: active }),
    ...(preview !== undefined && { previewRevision: preview }),
  };
}

function pauseOf({ plan: { gate }, wait, position }: Decision) {
  if (wait?.reason === 'RolloutPaused' && position.heldSince !== undefined) {
    const reason = wait.by === 'spec' ? 'SpecPaused' : 'RolloutPauseAnnotation';
    return { reason, startedAt: toRfc3339(position.heldSince) };
  }
  if (wait?.reason === 'InconclusiveAnalysis') return { reason: wait.reason, startedAt: toRfc3339(wait.since) };
  if (!gate || !wait || WAITS[wait.reason].phase !== 'Paused') return undefined;
  const startedAt = toRfc3339(gate.startedAt);
  return wait.reason === 'WaitingForTime'
    ? { reason: 'PauseDuration', startedAt, until: toRfc3339(wait.until) }
    : { reason: 'PauseUntilApproval', startedAt };
}

function written({ gate, promoteFull, heldSince, startedAt, progressedAt, ...rest }: Bookkeeping) {
  const { setupHash, stepsHash, scaleDownAt, routeSeen } = rest;
  return {
    setupHash,
    stepsHash,
    ...(gate && { gate: { step: gate.step, startedAt: toRfc3339(gate.startedAt) } }),
    ...(promoteFull && { promoteFull }),
    ...(heldSince !== undefined && { heldSince: toRfc3339(heldSince) }),
    ...(startedAt !== undefined && { startedAt: toRfc3339(startedAt) }),
    ...(progressedAt !== undefined && { progressedAt: toRfc3339(progressedAt) }),
    ...(scaleDownAt.size > 0 && {
      scaleDown: Array.from(scaleDownAt, ([revision, { at, wasStable }]) => ({
        revision,
        at: toRfc3339(at),
        wasStable,
      })),
    }),
    ...(routeSeen && { routeSeen: { state: routeSeen.state, since: toRfc3339(routeSeen.since) } }),
  };
}

/** Revisions that can be gone back to, newest first, each with the change cause that was given with it. */
function historyOf({ observation: { parent }, recorded }: Decision) {
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

/** One sentence: what is awaited, how far it is, what to do. */
function messageOf(decision: Decision): string {
  const { observation, wait, position, revisions, reverting } = decision;
  const { parent, spec } = observation;
  const annotate = annotateCommand(parent);
  const awaited = wait && sentence(wait, annotate);
  const then = awaited === undefined ? '' : `; ${awaited}`;
  if (position.abort) {
    const { message } = position.abort;
    return `${revisions.stable ? 'rolled back' : 'failed'}: ${message}${then}; change the template, or try again with: ${annotate} aibrix.io/rollout-retry=true --overwrite`;
  }
  if (decision.deadlineExceeded) return `nothing has moved for ${spec.progressDeadlineSeconds} s${then}`;
  if (reverting) return `going back to stable: the rollout was configured anew and starts again${then}`;
  return awaited ?? 'all pods are available';
}
