import type { Instant } from '../instant.js';
import type { Missing } from '../observe/memory.js';
import type { Observation } from '../observe/observation.js';
import { progressedAt } from './deadline.js';
import { MISSING_FOR_SECONDS } from './missing.js';
import type { Decision } from './step.js';
import { isPause } from './wait.js';

/** When a sync is wanted although nothing changes; undefined when only an event can change anything. */
export function wakeAt(
  observation: Observation,
  decision: Decision,
  missing: readonly Missing[],
  now: Instant,
): Instant | undefined {
  const { plan, position } = decision;
  const moving = plan.wait !== undefined && !isPause(plan.wait) && !position.abort && !decision.deadlineExceeded;
  const due = [
    ...plan.wakeAt,
    ...missing.map(({ since }) => Date.parse(since) + MISSING_FOR_SECONDS * 1000),
    ...(moving
      ? [progressedAt(observation, position, plan.step, now) + observation.spec.progressDeadlineSeconds * 1000]
      : []),
  ].filter(at => at > now);
  return due.length === 0 ? undefined : Math.min(...due);
}
