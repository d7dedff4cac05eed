/** The decision as status: what a person reads, and what the next sync needs to remember. */
import { writeAnalysisState } from '../../analysis/analysis.js';
import { countPods } from '../../observe/counts.js';
import type { Observation } from '../../observe/observation.js';
import type { Parent } from '../../observe/parent.js';
import { observeSelection } from '../../observe/services.js';
import { type Instant, toRfc3339 } from '../../schema/instant.js';
import { CHANGE_CAUSE_ANNOTATIONS, STORMSERVICE_LABEL } from '../../schema/names.js';
import { handledAfter } from '../commands/annotations.js';
import { progressedAt } from '../judgement/deadline.js';
import { stepsHash } from '../position.js';
import { isRunning } from '../revisions.js';
import type { Decision } from '../step.js';
import { describeStep, stepsOf } from '../steps/list.js';
import { isPause, sentence, standsStill } from '../wait.js';
import { type Absent, conditionsOf } from './conditions.js';
import { phaseOf } from './phase.js';

export type Status = Readonly<Record<string, unknown>>;

/** Status holds nothing that changes on every call: identical ones cost no write. */
export function report(observation: Observation, decision: Decision, absent: Absent, now: Instant): Status {
  const { parent, memory } = observation;
  const rolloutStatus = rolloutStatusOf(observation, decision);
  const handled = handledAfter(parent, memory, decision.commands, decision.effects);
  return {
    ...countPods(observation),
    selector: `${STORMSERVICE_LABEL}=${parent.name}`,
    conditions: conditionsOf(observation, decision, phaseOf(decision), rolloutStatus.message, absent, now),
    rolloutStatus,
    bookkeeping: bookkeepingOf(observation, decision, now),
    history: historyOf(observation, decision),
    ...(handled.length > 0 && { handledAnnotations: handled }),
    ...writeAnalysisState(decision.analysis, observation.spec.analysisHistory),
    ...(absent.missing.length > 0 && { missing: absent.missing }),
  };
}

function rolloutStatusOf(observation: Observation, decision: Decision) {
  const { plan, position, situation } = decision;
  const { strategy } = observation.spec;
  const { abort } = position;
  const pause = pauseOf(decision);
  return {
    phase: phaseOf(decision),
    message: messageOf(observation, decision),
    strategy: strategy.type,
    ...(plan.stable !== undefined && { stableRevision: plan.stable }),
    updatedRevision: situation.updated.hash,
    ...(plan.steps > 0 && { currentStepIndex: plan.step, step: stepText(observation, decision) }),
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

function pauseOf({ plan, position }: Decision) {
  const { wait, gate } = plan;
  if (wait?.reason === 'RolloutPaused' && position.heldSince !== undefined) {
    const reason = wait.by === 'spec' ? 'SpecPaused' : 'RolloutPauseAnnotation';
    return { reason, startedAt: toRfc3339(position.heldSince) };
  }
  if (wait?.reason === 'InconclusiveAnalysis') return { reason: wait.reason, startedAt: toRfc3339(wait.since) };
  if (!gate || !wait || !isPause(wait)) return undefined;
  const startedAt = toRfc3339(gate.startedAt);
  return wait.reason === 'WaitingForTime'
    ? { reason: 'PauseDuration', startedAt, until: toRfc3339(wait.until) }
    : { reason: 'PauseUntilApproval', startedAt };
}

function bookkeepingOf(observation: Observation, decision: Decision, now: Instant) {
  const { plan, position, situation } = decision;
  const running = isRunning(situation) && plan.stable !== situation.updated.hash;
  const moving = plan.wait !== undefined && !standsStill(plan.wait) && !position.abort;
  return {
    setupHash: decision.setupHash,
    stepsHash: stepsHash(observation.spec),
    ...(plan.gate && { gate: { step: plan.gate.step, startedAt: toRfc3339(plan.gate.startedAt) } }),
    ...(running && position.promoteFull && { promoteFull: true }),
    ...(position.heldSince !== undefined && { heldSince: toRfc3339(position.heldSince) }),
    ...(running && !position.abort && position.startedAt !== undefined && { startedAt: toRfc3339(position.startedAt) }),
    ...(moving && { progressedAt: toRfc3339(progressedAt(observation, position, plan.step, now)) }),
    ...(plan.scaleDownAt.size > 0 && {
      scaleDown: Array.from(plan.scaleDownAt, ([revision, { at, wasStable }]) => ({
        revision,
        at: toRfc3339(at),
        wasStable,
      })),
    }),
    ...(plan.routeSeen && { routeSeen: { state: plan.routeSeen.state, since: toRfc3339(plan.routeSeen.since) } }),
  };
}

/** Revisions that can be gone back to, newest first, each with the change cause that was given with it. */
function historyOf({ parent }: Observation, { recorded }: Decision) {
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
