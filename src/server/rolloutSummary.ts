import type { KubeObject } from '../metacontroller/object.js';
import { present } from '../schema/json.js';
import { isTrue } from '../status/conditions.js';
import type { Phase } from '../status/phases.js';
import { knownPhase } from '../status/rolloutStatus.js';
import { understoodStatus } from '../status/status.js';

/** What metrics and log say about a rollout: the parts of status.rolloutStatus that are safe and short. */
export interface RolloutSummary {
  readonly phase: Phase;
  readonly message?: string;
  /** Position and step in words, as `3/5 pause until approved`. */
  readonly step?: string;
  readonly currentStepIndex?: number;
  readonly canaryWeight?: number;
  readonly observedWeight?: number;
  /** Why the new revision was taken back. */
  readonly abortReason?: string;
}

/** Reads a status, of an answer or of the StormService itself. Undefined when there is no rollout in it yet. */
export function summarizeRollout(status: unknown): RolloutSummary | undefined {
  const { rolloutStatus = {} } = understoodStatus(status);
  const phase = knownPhase(rolloutStatus);
  if (phase === undefined) return undefined;
  const { message, step, currentStepIndex, canaryWeight, observedWeight, abort } = rolloutStatus;
  return present({
    phase,
    message,
    step,
    currentStepIndex,
    canaryWeight,
    observedWeight,
    abortReason: abort?.reason,
  });
}

/** Whether a status says that the spec was refused. */
export function isInvalidSpec(status: unknown): boolean {
  return isTrue(understoodStatus(status).conditions ?? [], 'InvalidSpec');
}

/** Whether something happened that a reader of the log wants to know. */
export function isNews(before: KubeObject, answered: unknown): boolean {
  return JSON.stringify(summarizeRollout(before['status'])) !== JSON.stringify(summarizeRollout(answered));
}
