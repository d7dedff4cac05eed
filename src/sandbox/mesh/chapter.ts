import type { Spec } from '../../api/spec.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { Instant } from '../../schema/instant.js';
import { allowedShare } from './allowance.js';

/** What was true of a rollout while requests were sent, so that they are compared with what was right then. */
export interface Chapter {
  /** Requests of chapters that are equal in everything are counted together. */
  readonly title: string;
  /** The revision that is rolled out. */
  readonly revision: string;
  /** Its share may not be above this, 0 to 1. */
  readonly atMost: number;
  /** It shall be this, where traffic has settled. */
  readonly expected?: number;
}

interface RolloutStatus {
  readonly phase?: string;
  readonly step?: string;
  readonly currentStepIndex?: number;
  readonly abort?: unknown;
  readonly stableRevision?: string;
  readonly updatedRevision?: string;
  readonly canaryWeight?: number;
  readonly observedWeight?: number;
  readonly blueGreen?: { readonly activeRevision?: string };
}

/** What the StormService's status says that its traffic should look like; undefined before the hook has spoken. */
export function chapterOf(object: KubeObject, spec: Spec, now: Instant): Chapter | undefined {
  const { rolloutStatus = {} } = (object['status'] ?? {}) as { readonly rolloutStatus?: RolloutStatus };
  const { updatedRevision, stableRevision, phase, abort, step } = rolloutStatus;
  if (updatedRevision === undefined || stableRevision === undefined) return undefined;
  const expected = settledShare(spec, rolloutStatus, object);
  return {
    title: titleOf(abort === undefined ? phase : 'aborted', step, expected !== undefined),
    revision: updatedRevision,
    atMost: allowedShare(object, spec, now),
    ...(expected !== undefined && { expected }),
  };
}

function titleOf(phase: string | undefined, step: string | undefined, settled: boolean): string {
  switch (phase) {
    case 'Healthy':
      return 'Healthy';
    case 'aborted':
      return settled ? 'rolled back' : 'rolling back';
    default:
      return settled ? (step ?? 'before promotion') : 'moving';
  }
}

/** The share at a rest: at a gate, while a step measures, after the end, after an abort. */
function settledShare({ strategy }: Spec, status: RolloutStatus, object: KubeObject): number | undefined {
  const { stableRevision, updatedRevision, canaryWeight, observedWeight, blueGreen } = status;
  if (stableRevision === updatedRevision) return status.phase === 'Healthy' ? 1 : undefined;
  if (!isAtRest(strategy, status)) return undefined;
  if (strategy.type === 'BlueGreen') return blueGreen?.activeRevision === stableRevision ? 0 : undefined;
  if (strategy.type !== 'Canary') return undefined;
  if (strategy.trafficRouting === undefined) return shareOfPods(object);
  if (observedWeight === undefined || observedWeight !== canaryWeight) return undefined;
  return observedWeight / strategy.trafficRouting.maxTrafficWeight;
}

function isAtRest(strategy: Spec['strategy'], { phase, abort, currentStepIndex = 0 }: RolloutStatus): boolean {
  if (phase === 'Paused' || abort !== undefined) return true;
  return strategy.type === 'Canary' && strategy.steps[currentStepIndex]?.action === 'analysis';
}

/** Without routing each pod gets as many requests as the next; undefined while some are not ready. */
function shareOfPods({ status }: KubeObject & { readonly status?: unknown }): number | undefined {
  const { replicas = 0, readyReplicas = 0, updatedReplicas = 0 } = (status ?? {}) as Readonly<Record<string, number>>;
  return replicas > 0 && readyReplicas === replicas ? updatedReplicas / replicas : undefined;
}
