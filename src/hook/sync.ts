/** A StormService and its children in, the desired children and status out. Only measuring uses the network. */
import { readSpec } from '../api/readSpec.js';
import type { Measurements } from '../fetch/measurement.js';
import type { Delegate, SyncAnswer, SyncRequest } from '../metacontroller/hook.js';
import { findCollisions } from '../observe/collisions.js';
import { type Observation, observe } from '../observe/observation.js';
import { render } from '../render/render.js';
import { findMissing, namedAt } from '../rollout/report/missing.js';
import { report } from '../rollout/report/report.js';
import { step } from '../rollout/step.js';
import { earliest, type Instant, secondsUntil } from '../schema/instant.js';
import { fields } from '../schema/json.js';
import type { Result } from '../schema/problem.js';
import { holdEverything } from './holdEverything.js';
import { type Analysis, dueIn, measure } from './measure.js';
import { ownStatus } from './ownStatus.js';
import { type Settings, specContext } from './settings.js';

export interface SyncOptions {
  readonly clock: () => Instant;
  readonly settings: Settings;
  readonly analysis: Analysis | undefined;
  readonly delegate: Delegate | undefined;
}

/** A sync that has something to measure is answered by the replica that measures it: the results are there. */
export async function sync(
  request: SyncRequest,
  { clock, settings, analysis, delegate }: SyncOptions,
): Promise<SyncAnswer> {
  const observed = read(request, settings);
  if (!observed.ok) return holdEverything(request, observed.problems, clock());
  const due = dueIn(observed.value, clock());
  const delegated = analysis && due.requests.length > 0 ? await delegate?.() : undefined;
  if (delegated) return delegated;
  const measurements = await measure(due, clock(), analysis);
  return answer(observed.value, clock(), measurements);
}

/** The same with the measurements given: pure. */
export function answerSync(
  request: SyncRequest,
  now: Instant,
  settings: Settings,
  measurements: Measurements = new Map(),
): SyncAnswer {
  const observed = read(request, settings);
  return observed.ok ? answer(observed.value, now, measurements) : holdEverything(request, observed.problems, now);
}

function read(request: SyncRequest, settings: Settings): Result<Observation> {
  const spec = readSpec(request.parent['spec'], specContext(request.parent, settings));
  return spec.ok ? { ok: true, value: observe(request, spec.value) } : spec;
}

function answer(observation: Observation, now: Instant, measurements: Measurements): SyncAnswer {
  const decided = decide(observation, now, measurements);
  const { children, wakeAt } = decided;
  const { status, seconds } = ownStatus(observation, decided, next => decide(next, now, new Map()), now);
  const resync = earliest([seconds, wakeAt && secondsUntil(wakeAt, now)]);
  return { status, children, ...(resync !== undefined && { resyncAfterSeconds: resync }) };
}

function decide(observation: Observation, now: Instant, measurements: Measurements) {
  const decision = step(observation, now, measurements);
  const desired = render(observation, decision);
  const collisions = findCollisions(observation, desired);
  // Server-side apply would forcibly take over an object with another owner.
  const taken = collisions.map(({ kind, name }) => `${kind} ${name}`);
  const children = desired.filter(({ kind, metadata }) => !taken.includes(`${kind} ${metadata.name}`));
  const missing = findMissing(observation, children, now);
  const status = report(decision, { missing, collisions });
  const awaitsAdoption = observation.memory.lost && collisions.some(({ leftBehind }) => leftBehind);
  return {
    status: awaitsAdoption ? withoutRevisions(status) : status,
    children,
    wakeAt: earliest([decision.wakeAt, namedAt(missing, now)]),
  };
}

/**
 * Children of a deleted StormService of this name may be adopted later. A status that names revisions would make them
 * part of a first deployment, which passes every gate; without one, what is stable is read from the children.
 */
function withoutRevisions(status: SyncAnswer['status']): SyncAnswer['status'] {
  const { stableRevision: _, updatedRevision: __, ...rolloutStatus } = fields(status['rolloutStatus']);
  return { ...status, rolloutStatus };
}
