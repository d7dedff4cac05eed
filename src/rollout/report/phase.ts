import type { Phase } from '../../status/phases.js';
import type { Decision } from '../step.js';
import { isDegraded, isPause } from '../wait.js';

/** Paused: only a person or the clock can end it. */
export function phaseOf({ plan, position, deadlineExceeded, situation }: Decision): Phase {
  if (position.abort || deadlineExceeded || (plan.wait && isDegraded(plan.wait))) return 'Degraded';
  if (plan.wait === undefined) return plan.stable === situation.updated.hash ? 'Healthy' : 'Progressing';
  return isPause(plan.wait) ? 'Paused' : 'Progressing';
}
