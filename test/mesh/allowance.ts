import type { Spec } from '../../src/api/spec.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { APPROVE_ANNOTATION } from '../../src/names.js';

interface Status {
  readonly currentStepIndex?: number;
  readonly abort?: unknown;
  readonly pause?: { readonly until?: string };
  readonly stableRevision?: string;
  readonly updatedRevision?: string;
  readonly blueGreen?: { readonly activeRevision?: string };
}

/**
 * The largest share of requests that the newest revision may get now, 0 to 1: from the spec and the place in its steps
 * alone, without a look at any weight that the hook has decided on. A step is allowed once every gate before it is open.
 */
export function allowedShare(object: KubeObject, { strategy }: Spec, now: number): number {
  const { rolloutStatus = {} } = (object['status'] ?? {}) as { readonly rolloutStatus?: Status };
  const { currentStepIndex = 0, abort, pause, stableRevision, updatedRevision } = rolloutStatus;
  if (updatedRevision === undefined || stableRevision === undefined || stableRevision === updatedRevision) return 1;
  if (abort !== undefined) return 0;
  const approved = object.metadata.annotations?.[APPROVE_ANNOTATION] !== undefined;
  const due = pause?.until !== undefined && Date.parse(pause.until) <= now;
  if (strategy.type !== 'Canary') return strategy.type === 'RollingUpdate' || approved || currentStepIndex > 0 ? 1 : 0;
  const opened = approved || due ? currentStepIndex : -1;
  const next = strategy.steps.findIndex(
    ({ action }, index) => action === 'pause' && index >= currentStepIndex && index !== opened,
  );
  if (next < 0) return 1;
  const weights = strategy.steps.slice(0, next).flatMap(step => (step.action === 'setWeight' ? [step.weight] : []));
  return (weights.at(-1) ?? 0) / (strategy.trafficRouting?.maxTrafficWeight ?? 100);
}
