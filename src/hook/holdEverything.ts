import { allObjects } from '../metacontroller/children.js';
import type { SyncAnswer, SyncRequest } from '../metacontroller/hook.js';
import { asLastApplied } from '../metacontroller/unchanged.js';
import { stamp } from '../rollout/report/conditions.js';
import type { Instant } from '../schema/instant.js';
import { describe, type Problem } from '../schema/problem.js';
import { readMemory } from '../status/memory.js';

/** An invalid spec changes no child: all are returned as they are, and status says what to fix. */
export function holdEverything(request: SyncRequest, problems: readonly Problem[], now: Instant): SyncAnswer {
  const { raw, conditions } = readMemory(request.parent['status']);
  const message = problems.map(describe).join('. ');
  const invalid = { type: 'InvalidSpec', status: 'True', reason: 'InvalidSpec', message } as const;
  const unhealthy = { type: 'Healthy', status: 'False', reason: 'InvalidSpec', message: '' } as const;
  const others = conditions.filter(({ type }) => type !== 'InvalidSpec' && type !== 'Healthy');
  const { observedGeneration: _, ...status } = raw;
  return {
    status: {
      ...status,
      conditions: stamp([...others, unhealthy, invalid], conditions, now),
      rolloutStatus: { ...(status['rolloutStatus'] as object | undefined), phase: 'Degraded', message },
    },
    children: allObjects(request.children).map(asLastApplied),
  };
}
