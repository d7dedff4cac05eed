/** Blue-green: the new revision is inspected through the preview Service before the active one selects it. */
import type { BlueGreenStrategy } from '../../api/spec.js';
import { lastWritten, objectsOf, SERVICE } from '../../metacontroller/children.js';
import type { Revision } from '../../observe/revisions.js';
import { observeSelection } from '../../observe/services.js';
import { isSelected, scaleDownAborted, scaleDownFormerStable, scaleDownOthers } from '../capacity/scaleDown.js';
import { changesSelection } from '../capacity/selections.js';
import { type Context, goesBack } from '../context.js';
import { analysisWait } from '../judgement/judge.js';
import type { RolloutPlan } from '../plan.js';
import { isRunning } from '../revisions.js';
import { firstMove } from '../rows.js';
import { settle } from '../settle.js';
import { type Arrival, stayAt, walk } from '../steps/advance.js';
import { promotionSteps } from '../steps/list.js';
import { isInRollbackWindow, isInsideDelay } from '../steps/rollbackWindow.js';
import { forPods } from '../wait.js';
import { followActive, rootOf } from './rootService.js';
import { BLUE_GREEN, type BlueGreenContext, blockingWait, previewCount } from './rows.js';

export function planBlueGreen(sync: Context, strategy: BlueGreenStrategy): RolloutPlan {
  const context = withServices(sync, strategy);
  const { revisions, observation, settled, position, arrival, steps } = context;
  const { stable, updated } = revisions;
  const move = firstMove(BLUE_GREEN, context);
  const services = servicesOf(context, strategy);
  const reachable = (revision: Revision) => !settled.inEffect || isSelected(context, revision, services);
  const others = scaleDownOthers(context, reachable, strategy.scaleDownDelaySeconds);
  const aborted =
    isRunning(revisions) && position.abort
      ? scaleDownAborted(context, strategy.abortScaleDownDelaySeconds, !reachable(updated))
      : undefined;
  const selections = new Map([
    [strategy.previewService, move.preview],
    ...(move.active === undefined
      ? []
      : [[strategy.activeService, move.active] as const, ...followActive(context, move.active)]),
  ]);
  return {
    stable: move.promoted ? updated.hash : stable?.hash,
    step: arrival.step,
    steps,
    gate: move.gate ?? arrival.gate,
    weight: move.active === updated.hash ? 100 : 0,
    sets: new Map([
      ...others.sets,
      ...(stable ? [[stable.hash, observation.spec.replicas] as const] : []),
      ...(aborted ? aborted.sets : [[updated.hash, move.updated] as const]),
    ]),
    selections,
    waits: move.wait ? [move.wait] : [],
    approval: arrival.approval,
    scaleDownAt: new Map([
      ...others.scaleDownAt,
      ...(move.promoted ? scaleDownFormerStable(context, strategy.scaleDownDelaySeconds) : []),
      ...(aborted ? aborted.scaleDownAt : []),
    ]),
    routeSeen: changesSelection(context, selections) ? undefined : settled.seen,
    settlesAt: settled.inEffect ? undefined : settled.at,
  };
}

function withServices(context: Context, strategy: BlueGreenStrategy): BlueGreenContext {
  const { revisions, observation, now } = context;
  const { children, memory } = observation;
  const selected = {
    ...context,
    strategy,
    active: observeSelection(children, strategy.activeService),
    preview: observeSelection(children, strategy.previewService),
    skips: isInsideDelay(context) || isInRollbackWindow(revisions, strategy.rollbackWindow),
    steps: promotionSteps(strategy).length,
    settled: settle(stateOf(context, servicesOf(context, strategy)), memory, strategy.settleSeconds, now),
  };
  return { ...selected, arrival: arrive(selected) };
}

/** Progress of the steps before promotion: first the preview pods, then the analysis and the pause. */
function arrive(context: Omit<BlueGreenContext, 'arrival'>): Arrival {
  const { revisions, observation, strategy, position, findings, stop, approve, now } = context;
  const steps = promotionSteps(strategy);
  const { hash: revision } = revisions.updated;
  if (!isRunning(revisions)) return { step: steps.length };
  if (goesBack(context)) return { step: 0 };
  const still = blockingWait(context);
  if (still) return stayAt(position, still);
  if (position.promoteFull || context.skips) return { step: steps.length };
  if (stop && position.step < steps.length) return stayAt(position, stop);
  const wanted = previewCount(strategy, observation.spec.replicas);
  const lacking = position.step === 0 && !position.gate && forPods('the preview', revisions.updated, wanted);
  if (lacking) return { step: 0, wait: lacking };
  return walk({
    steps,
    revision,
    from: Math.min(position.step, steps.length),
    gate: position.gate,
    approve,
    now,
    done: () => analysisWait(findings.analysis, { kind: 'prePromotion', revision }),
  });
}

/** The root Service follows the active one. */
function servicesOf(context: Context, { activeService, previewService }: BlueGreenStrategy): readonly string[] {
  const root = rootOf(context);
  return [...new Set([activeService, previewService, ...(root === undefined ? [] : [root])])];
}

/** Includes when the Services were written, to distinguish a state that came back from one that never changed. */
function stateOf({ observation: { children } }: Context, services: readonly string[]): string {
  const selected = services.map(name => `${name}=${observeSelection(children, name) ?? 'absent'}`).join(' ');
  return `${selected} ${lastWritten(objectsOf(children, SERVICE))}`;
}
