import type { Decision } from '../step.js';
import { WAITS } from '../wait.js';

export type RolloutPhase = 'Healthy' | 'Progressing' | 'Paused' | 'Degraded';

/** Degraded: aborted, or nothing moves any more. Otherwise as the wait says. */
export function phaseOf({ plan, wait, position, deadlineExceeded, revisions }: Decision): RolloutPhase {
  if (position.abort || deadlineExceeded) return 'Degraded';
  if (wait) return WAITS[wait.reason].phase;
  return plan.stable === revisions.updated.hash ? 'Healthy' : 'Progressing';
}
