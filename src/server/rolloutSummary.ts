import type { KubeObject } from '../metacontroller/object.js';
import { present } from '../schema/json.js';
import { isTrue } from '../status/conditions.js';
import type { Phase } from '../status/phases.js';
import { knownPhase } from '../status/rolloutStatus.js';
import { understoodStatus } from '../status/status.js';

/** The short and safe parts of status.rolloutStatus, for metrics and log. */
export interface RolloutSummary {
  readonly phase: Phase;
  readonly message?: string;
  /** Position and step in words, as `3/5 pause until approved`. */
  readonly step?: string;
  readonly currentStepIndex?: number;
  readonly canaryWeight?: number;
  readonly observedWeight?: number;
  /** Why the new revision was rolled back. */
  readonly abortReason?: string;
}

/** Reads a status, of a response or of the StormService itself. Undefined if it has no rollout yet. */
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

/** Whether a sync changed something worth logging. */
export function isNews(before: KubeObject, answered: unknown): boolean {
  return JSON.stringify(summarizeRollout(before['status'])) !== JSON.stringify(summarizeRollout(answered));
}
