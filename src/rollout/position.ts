import type { Spec } from '../api/spec.js';
import type { Observation } from '../observe/observation.js';
import { hash } from '../schema/hash.js';
import { type Instant, startOfWait, toRfc3339 } from '../schema/instant.js';
import { ABORT_ANNOTATION, PROMOTE_ANNOTATION, RETRY_ANNOTATION } from '../schema/names.js';
import type { Gate } from '../status/bookkeeping.js';
import type { Abort } from '../status/rolloutStatus.js';
import type { Command, Commands, Effects } from './commands.js';
import { stepsOf } from './steps.js';

/** How far the rollout of the updated revision has come, before this sync's observations move it on. */
export interface Position {
  /** Index of the present step. */
  readonly step: number;
  /** The gate or pause that waits at that step, if it was reached in an earlier sync. */
  readonly gate?: Gate;
  readonly abort?: Abort;
  /** Remaining steps are skipped. */
  readonly promoteFull: boolean;
  /** A hold began and has not ended. */
  readonly heldSince?: Instant;
  readonly progressedAt?: Instant;
  /** When the steps began, moved on by the time that they waited for a person. */
  readonly startedAt?: Instant;
  /** The target is new in this sync: nothing of an earlier rollout counts. */
  readonly begins: boolean;
  /** The steps are others than those that were begun: they start again, with their analyses. */
  readonly stepsChanged?: true;
  /** Status was lost, and with it what has been used up. */
  readonly lost?: boolean;
}

const NOTHING_RUNS = 'no rollout is in progress';

const START: Position = { step: 0, promoteFull: false, begins: true };

/**
 * The position that status remembers, if it is of this rollout: another template begins anew, and other steps than the
 * ones that the remembered index points into send it back to step 0. `judgeable`: the revision can be rejected at all.
 */
export function rememberedPosition(
  { memory, spec, target }: Pick<Observation, 'memory' | 'spec' | 'target'>,
  judgeable: boolean,
): Position {
  if (memory.lost) return { ...START, lost: true };
  if (memory.updatedRevision !== target) return START;
  const { stepIndex, gate, abort, promoteFull, heldSince, progressedAt, startedAt } = memory;
  const sameSteps = memory.stepsHash === stepsHash(spec);
  return {
    step: sameSteps ? stepIndex : 0,
    promoteFull,
    begins: false,
    ...(!sameSteps && { stepsChanged: true }),
    ...(sameSteps && gate && { gate }),
    ...(judgeable && abort && { abort }),
    ...(heldSince !== undefined && { heldSince }),
    ...(progressedAt !== undefined && { progressedAt }),
    ...(startedAt !== undefined && { startedAt }),
  };
}

/**
 * Of the step list that an index in status points into. Blue-green's steps follow from single fields: the length of its
 * pause may change while it waits.
 */
export function stepsHash({ strategy }: Spec): string {
  const { type } = strategy;
  return hash(type === 'Canary' ? strategy.steps : [type, ...stepsOf(strategy).map(({ action }) => action)]);
}

/** At the first step again under another configuration. What was aborted stays so, and waits keep their time. */
export function backAtStart(position: Position): Position {
  return { ...without(position, 'gate'), step: 0, promoteFull: false };
}

export interface Steered {
  readonly position: Position;
  readonly effects: Effects;
}

/**
 * What abort, retry and promote make of the position. `running`: there is a stable revision to go back to and another
 * one that is rolled out; without it the one-shots are used up and say so.
 */
export function steer(position: Position, commands: Commands, running: boolean, now: Instant): Steered {
  // Abort comes last, so that it wins over the others: going back is the safe side.
  const orders: readonly Order[] = [
    commands.promote && promotion(commands.promote, running),
    commands.retry && retrial(),
    commands.abort && abortion(commands.abort, running, now),
  ].filter(order => order !== undefined);
  return orders.reduce<Steered>(
    (steered, order) => {
      const { refused, effect, next } = order.on(position);
      return {
        position: refused === undefined ? next(steered.position) : steered.position,
        effects: { ...steered.effects, [order.annotation]: refused ?? effect },
      };
    },
    { position, effects: {} },
  );
}

interface Order {
  readonly annotation: string;
  readonly on: (before: Position) => {
    readonly refused: string | undefined;
    readonly effect: string;
    readonly next: (position: Position) => Position;
  };
}

function promotion(command: Command, running: boolean): Order {
  return {
    annotation: PROMOTE_ANNOTATION,
    on: before => ({
      refused: whyNotPromoted(command, running, before),
      effect: 'the remaining steps are skipped',
      next: position => ({ ...without(position, 'gate'), promoteFull: true }),
    }),
  };
}

function retrial(): Order {
  return {
    annotation: RETRY_ANNOTATION,
    on: before => ({
      refused: before.abort ? undefined : 'there is no aborted rollout',
      effect: 'the steps start again',
      next: restarted,
    }),
  };
}

function abortion(command: Command, running: boolean, now: Instant): Order {
  return {
    annotation: ABORT_ANNOTATION,
    on: before => ({
      refused: running ? undefined : NOTHING_RUNS,
      effect: 'the rollout is aborted',
      next: position => aborted(position, before.abort ?? abortBy(command, now)),
    }),
  };
}

/** Back to the start, with the reason why. */
export function aborted(position: Position, abort: Abort): Position {
  return { ...restarted(position), abort };
}

function whyNotPromoted({ value }: Command, running: boolean, { abort, lost }: Position): string | undefined {
  if (value !== 'full') return 'not a way to promote: write full';
  if (!running) return NOTHING_RUNS;
  if (lost) return 'status was lost, so it may have been used before: set it again';
  return abort && 'the rollout is aborted: retry it first';
}

function restarted(position: Position): Position {
  return { ...without(position, 'abort', 'gate', 'progressedAt', 'startedAt'), step: 0, promoteFull: false };
}

function abortBy({ by, at }: Command, now: Instant): Abort {
  return {
    reason: 'AbortedByAnnotation',
    message: 'aborted by the annotation aibrix.io/rollout-abort',
    at: at ?? toRfc3339(startOfWait(now)),
    ...(by !== undefined && { by }),
  };
}

function without<K extends keyof Position>(position: Position, ...keys: readonly K[]): Omit<Position, K> {
  return Object.fromEntries(Object.entries(position).filter(([key]) => !keys.includes(key as K))) as Omit<Position, K>;
}

/**
 * A hold freezes time: when it ends, whatever was being waited for is moved on by how long it lasted.
 */
export function holdOrResume(position: Position, held: boolean, now: Instant): Position {
  if (held) return position.heldSince === undefined ? { ...position, heldSince: startOfWait(now) } : position;
  if (position.heldSince === undefined) return position;
  const lasted = Math.max(0, startOfWait(now) - position.heldSince);
  const { gate, progressedAt, startedAt } = position;
  return {
    ...without(position, 'heldSince'),
    ...(gate && { gate: { ...gate, startedAt: gate.startedAt + lasted } }),
    ...(progressedAt !== undefined && { progressedAt: progressedAt + lasted }),
    ...(startedAt !== undefined && { startedAt: startedAt + lasted }),
  };
}
