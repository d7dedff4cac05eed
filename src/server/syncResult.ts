import type { SyncAnswer } from '../metacontroller/hook.js';
import type { KubeObject } from '../metacontroller/object.js';
import { isInvalidSpec, isNews, type RolloutSummary, summarizeRollout } from './rolloutSummary.js';

/** What log and metrics tell of the response to a sync. */
export interface SyncResult {
  /** Undefined if it has no rollout yet. */
  readonly summary: RolloutSummary | undefined;
  readonly isInvalidSpec: boolean;
  /** It changes something worth logging. */
  readonly isNews: boolean;
  readonly children: number;
  readonly resyncAfterSeconds: number | undefined;
}

export function resultOf(parent: KubeObject, { status, children, resyncAfterSeconds }: SyncAnswer): SyncResult {
  return {
    summary: summarizeRollout(status),
    isInvalidSpec: isInvalidSpec(status),
    isNews: isNews(parent, status),
    children: children.length,
    resyncAfterSeconds,
  };
}
