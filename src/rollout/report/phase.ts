import type { Decision } from '../step.js';
import { isDegraded, isPause } from '../wait.js';

export type Phase = 'Healthy' | 'Progressing' | 'Paused' | 'Degraded';

/** Degraded: aborted, or nothing moves any more. Paused: only a person or the clock can end it. */
export function phaseOf({ plan, position, deadlineExceeded, situation }: Decision): Phase {
  if (position.abort || deadlineExceeded || (plan.wait && isDegraded(plan.wait))) return 'Degraded';
  if (plan.wait === undefined) return plan.stable === situation.updated.hash ? 'Healthy' : 'Progressing';
  return isPause(plan.wait) ? 'Paused' : 'Progressing';
}
