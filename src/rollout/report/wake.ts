import { nextMeasurement } from '../../analysis/analysis.js';
import type { Observation } from '../../observe/observation.js';
import type { Instant } from '../../schema/instant.js';
import type { Missing } from '../../status/schema.js';
import { progressedAt } from '../judgement/deadline.js';
import { isRunning } from '../situation.js';
import type { Decision } from '../step.js';
import { isForPerson, standsStill } from '../wait.js';
import { MISSING_FOR_SECONDS } from './missing.js';

/** When a sync is wanted although nothing changes; undefined when only an event can change anything. */
export function wakeAt(
  observation: Observation,
  decision: Decision,
  missing: readonly Missing[],
  now: Instant,
): Instant | undefined {
  const { plan, position } = decision;
  const moving = plan.wait !== undefined && !standsStill(plan.wait) && !position.abort && !decision.deadlineExceeded;
  const due = [
    ...plan.wakeAt,
    ...missing.map(({ since }) => Date.parse(since) + MISSING_FOR_SECONDS * 1000),
    ...(moving
      ? [progressedAt(observation, position, plan.step, now) + observation.spec.progressDeadlineSeconds * 1000]
      : []),
    ...timeoutOf(observation, decision),
  ].filter(at => at > now);
  const measurement = nextMeasurement(decision.analysis);
  // One that is due already is under way: the next sync takes its result.
  if (measurement !== undefined) due.push(measurement);
  return due.length === 0 ? undefined : Math.min(...due);
}

function timeoutOf({ spec }: Observation, { position, situation, plan }: Decision): readonly Instant[] {
  const { autoRollback } = spec.strategy;
  const seconds = autoRollback?.enabled ? autoRollback.timeoutSeconds : undefined;
  const counts = isRunning(situation) && !position.abort && !(plan.wait && isForPerson(plan.wait));
  return counts && seconds !== undefined && position.startedAt !== undefined
    ? [position.startedAt + seconds * 1000]
    : [];
}
