import type { Phase } from '../../status/phases.js';
import type { Decision } from '../step.js';
import { WAITS } from '../wait.js';

/** Degraded if aborted or without progress, otherwise the phase of the wait. */
export function phaseOf({ plan, wait, position, deadlineExceeded, revisions }: Decision): Phase {
  if (position.abort || deadlineExceeded) return 'Degraded';
  if (wait) return WAITS[wait.reason].phase;
  return plan.stable === revisions.updated.hash ? 'Healthy' : 'Progressing';
}
