import type { CanaryStrategy, Spec } from '../../api/spec.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { Instant } from '../../schema/instant.js';
import { APPROVE_ANNOTATION } from '../../schema/names.js';

interface RolloutStatus {
  readonly currentStepIndex?: number;
  readonly abort?: unknown;
  readonly pause?: { readonly until?: string };
  readonly stableRevision?: string;
  readonly updatedRevision?: string;
}

/**
 * The largest share of requests that the newest revision may get now, 0 to 1: from the spec and the place in its steps
 * alone, without a look at any weight that the hook has decided on. A step is allowed once every gate before it is open.
 */
export function allowedShare(object: KubeObject, { strategy }: Spec, now: Instant): number {
  const status = rolloutStatusOf(object);
  const { currentStepIndex = 0, abort, pause, stableRevision, updatedRevision } = status;
  if (stableRevision === undefined || stableRevision === updatedRevision) return 1;
  if (abort !== undefined) return 0;
  const approved = object.metadata.annotations?.[APPROVE_ANNOTATION] !== undefined;
  const open = approved || (pause?.until !== undefined && Date.parse(pause.until) <= now);
  switch (strategy.type) {
    case 'Canary':
      return weightBefore(strategy, currentStepIndex, open ? currentStepIndex : undefined);
    case 'BlueGreen':
      return open || currentStepIndex > 0 || strategy.autoPromotionEnabled ? 1 : 0;
    case 'RollingUpdate':
      return 1;
    default:
      return strategy satisfies never;
  }
}

/** The weight at the first closed gate from here on. Without routing pods decide, which are not counted here. */
function weightBefore({ steps, trafficRouting }: CanaryStrategy, from: number, opened: number | undefined): number {
  if (trafficRouting === undefined) return 1;
  const gate = steps.findIndex(({ action }, index) => isGate(action) && index >= from && index !== opened);
  if (gate < 0) return 1;
  const weights = steps.slice(0, gate).flatMap(step => (step.action === 'setWeight' ? [step.weight] : []));
  return (weights.at(-1) ?? 0) / trafficRouting.maxTrafficWeight;
}

/** What holds a rollout until a person, a time or numbers let it pass. */
function isGate(action: CanaryStrategy['steps'][number]['action']): boolean {
  return action === 'pause' || action === 'analysis';
}

function rolloutStatusOf(object: KubeObject): RolloutStatus {
  const { rolloutStatus = {} } = (object['status'] ?? {}) as { readonly rolloutStatus?: RolloutStatus };
  return rolloutStatus;
}
