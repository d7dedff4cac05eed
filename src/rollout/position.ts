import type { Spec } from '../api/spec.js';
import type { Observation } from '../observe/observation.js';
import { hash } from '../schema/hash.js';
import { type Instant, startOfWait } from '../schema/instant.js';
import type { Gate, Progress } from '../status/bookkeeping.js';
import type { Abort } from '../status/rolloutStatus.js';
import { stepsOf } from './steps/list.js';

/** Position of the rollout before this sync's observations advance it. */
export interface Position {
  /** Index of the current step. */
  readonly step: number;
  /** The gate or pause of that step, if it was reached in an earlier sync. */
  readonly gate?: Gate;
  readonly abort?: Abort;
  /** Remaining steps are skipped. */
  readonly promoteFull: boolean;
  /** Start of the current hold. */
  readonly heldSince?: Instant;
  readonly progress?: Progress;
  /** When the steps started, not counting the time that they waited for a person. */
  readonly startedAt?: Instant;
  /** The target is new in this sync, so nothing of an earlier rollout counts. */
  readonly isNew: boolean;
  /** The steps have changed: they restart, with their analyses. */
  readonly stepsChanged?: true;
  /** Status was lost, including the handled annotations. */
  readonly lost?: boolean;
}

const START: Position = { step: 0, promoteFull: false, isNew: true };

/**
 * The position in status, if it belongs to this rollout: another template starts a new one, and changed steps reset it to
 * step 0. `judgeable`: the revision can be rejected.
 */
export function rememberedPosition(
  { memory, spec, target }: Pick<Observation, 'memory' | 'spec' | 'target'>,
  judgeable: boolean,
): Position {
  if (memory.lost) return { ...START, lost: true };
  if (memory.updatedRevision !== target) return START;
  const { stepIndex, gate, abort, promoteFull, heldSince, progress, startedAt } = memory;
  const sameSteps = memory.stepsHash === stepsHash(spec);
  return {
    step: sameSteps ? stepIndex : 0,
    promoteFull,
    isNew: false,
    ...(!sameSteps && { stepsChanged: true }),
    ...(sameSteps && gate && { gate }),
    ...(judgeable && abort && { abort }),
    ...(heldSince !== undefined && { heldSince }),
    ...(progress && { progress }),
    ...(startedAt !== undefined && { startedAt }),
  };
}

/**
 * Hash of the step list that an index in status points into. Blue-green's steps derive from single fields: the length of
 * its pause may change while it waits.
 */
export function stepsHash({ strategy }: Spec): string {
  const { type } = strategy;
  return hash(type === 'Canary' ? strategy.steps : [type, ...stepsOf(strategy).map(({ action }) => action)]);
}

/** Back at the first step with another configuration. An abort stays, and waits keep their time. */
export function resetSteps(position: Position): Position {
  return { ...without(position, 'gate'), step: 0, promoteFull: false };
}

/** Without the gate of the current step: the remaining steps are skipped. */
export function promoted(position: Position): Position {
  return { ...without(position, 'gate'), promoteFull: true };
}

/** Back to the start, with the reason why. */
export function aborted(position: Position, abort: Abort): Position {
  return { ...restarted(position), abort };
}

/** At the first step of a new rollout. */
export function restarted(position: Position): Position {
  return { ...without(position, 'abort', 'gate', 'progress', 'startedAt'), step: 0, promoteFull: false };
}

function without<K extends keyof Position>(position: Position, ...keys: readonly K[]): Omit<Position, K> {
  return Object.fromEntries(Object.entries(position).filter(([key]) => !keys.includes(key as K))) as Omit<Position, K>;
}

/**
 * A hold stops the clock: when it ends, all waits are extended by its duration.
 */
export function holdOrResume(position: Position, held: boolean, now: Instant): Position {
  if (held) return position.heldSince === undefined ? { ...position, heldSince: startOfWait(now) } : position;
  if (position.heldSince === undefined) return position;
  const lasted = Math.max(0, startOfWait(now) - position.heldSince);
  const { gate, progress, startedAt } = position;
  return {
    ...without(position, 'heldSince'),
    ...(gate && { gate: { ...gate, startedAt: gate.startedAt + lasted } }),
    ...(progress && { progress: movedOn(progress, lasted) }),
    ...(startedAt !== undefined && { startedAt: startedAt + lasted }),
  };
}

function movedOn({ at, stoppedAt, ...progress }: Progress, lasted: number): Progress {
  return { ...progress, at: at + lasted, ...(stoppedAt !== undefined && { stoppedAt: stoppedAt + lasted }) };
}
