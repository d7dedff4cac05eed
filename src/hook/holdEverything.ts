import { allObjects } from '../metacontroller/children.js';
import type { SyncAnswer, SyncRequest } from '../metacontroller/hook.js';
import { asLastApplied } from '../metacontroller/unchanged.js';
import { stamp } from '../rollout/report/conditions.js';
import type { Instant } from '../schema/instant.js';
import { describeAll, type Problem } from '../schema/problem.js';
import type { Finding } from '../status/conditions.js';
import { amendStatus, readStatus } from '../status/status.js';

/** An invalid spec changes no child: all are returned unchanged, and status says what to fix. */
export function holdEverything(request: SyncRequest, problems: readonly Problem[], now: Instant): SyncAnswer {
  const before = readStatus(request.parent['status']);
  const message = describeAll(problems);
  const invalid: Finding = { type: 'InvalidSpec', status: 'True', reason: 'InvalidSpec', message };
  const unhealthy: Finding = { type: 'Healthy', status: 'False', reason: 'InvalidSpec', message: '' };
  const others = before.conditions.filter(({ type }) => type !== invalid.type && type !== unhealthy.type);
  const conditions = stamp([...others, unhealthy, invalid], before.conditions, now);
  return {
    status: amendStatus(before, { phase: 'Degraded', message, conditions }),
    children: allObjects(request.children).map(asLastApplied),
  };
}
