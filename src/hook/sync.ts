/** The hook as pure functions: one request in, one answer out, the time an argument. */
import { type Due, dueMeasurements } from '../analysis/analysis.js';
import { readSpec } from '../api/readSpec.js';
import type { Measurements } from '../fetch/measurement.js';
import { allObjects } from '../metacontroller/children.js';
import type { SyncAnswer, SyncRequest } from '../metacontroller/hook.js';
import type { KubeObject } from '../metacontroller/object.js';
import { asLastApplied } from '../metacontroller/unchanged.js';
import { findCollisions } from '../observe/collisions.js';
import { observe } from '../observe/observation.js';
import { render } from '../render/render.js';
import { stamp } from '../rollout/report/conditions.js';
import { findMissing } from '../rollout/report/missing.js';
import { report } from '../rollout/report/report.js';
import { wakeAt } from '../rollout/report/wake.js';
import { step } from '../rollout/step.js';
import { type Instant, secondsUntil } from '../schema/instant.js';
import { describe, type Problem } from '../schema/problem.js';
import type { Finding } from '../status/conditions.js';
import { amendStatus, readStatus } from '../status/status.js';
import { type Settings, specContext } from './settings.js';

export function answerSync(
  request: SyncRequest,
  now: Instant,
  settings: Settings,
  measurements: Measurements = new Map(),
): SyncAnswer {
  const spec = readSpec(request.parent['spec'], specContext(request.parent, settings));
  if (!spec.ok) return holdEverything(request, spec.problems, now);
  const observation = observe(request, spec.value);
  const decision = step(observation, now, measurements);
  const wanted = render(observation, decision);
  const collisions = findCollisions(observation, wanted);
  // Server-side apply would take over an object of somebody else, with force.
  const children = wanted.filter(child => !collisions.some(({ kind, name }) => isNamed(child, kind, name)));
  const missing = findMissing(observation, children, now);
  const due = wakeAt(observation, decision, missing, now);
  return {
    status: report(observation, decision, { missing, collisions }, now),
    children,
    ...(due !== undefined && { resyncAfterSeconds: secondsUntil(due, now) }),
  };
}

/** The measurements that the analysis in status asks for now. */
export function dueForSync({ parent, related }: SyncRequest, now: Instant): Due {
  const context = { parent, related: related ?? {}, stableRevision: '', latestRevision: '' };
  return dueMeasurements(readStatus(parent['status']).analysis.runs, context, now);
}

/** An invalid spec changes no child: all are returned as they are, and status says what to mend. */
function holdEverything(request: SyncRequest, problems: readonly Problem[], now: Instant): SyncAnswer {
  const before = readStatus(request.parent['status']);
  const message = problems.map(describe).join('. ');
  const invalid: Finding = { type: 'InvalidSpec', status: 'True', reason: 'InvalidSpec', message };
  const unhealthy: Finding = { type: 'Healthy', status: 'False', reason: 'InvalidSpec', message: '' };
  const others = before.conditions.filter(({ type }) => type !== invalid.type && type !== unhealthy.type);
  const conditions = stamp([...others, unhealthy, invalid], before.conditions, now);
  return {
    status: amendStatus(before, { phase: 'Degraded', message, conditions }),
    children: allObjects(request.children).map(asLastApplied),
  };
}

function isNamed({ kind, metadata }: KubeObject, ofKind: string, name: string): boolean {
  return kind === ofKind && metadata.name === name;
}
