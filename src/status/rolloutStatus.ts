/** Summary of the rollout: for people, and the revisions, step and abort for the next sync. */
import { Type } from 'typebox';
import { fromRfc3339, type Instant, toRfc3339 } from '../schema/instant.js';
import { present } from '../schema/json.js';
import { openShape } from '../schema/schema.js';
import { type AbortReason, readAbortReason, type UnknownAbortReason } from './abortReasons.js';
import { eitherOf, optionalText, optionalWhole, type Stored, storedInstant } from './fields.js';
import { PHASES, type Phase } from './phases.js';

const RolloutStatusSchema = openShape(
  {
    phase: optionalText(eitherOf(PHASES)),
    message: optionalText('What the rollout is waiting for, its progress, and what to do.'),
    strategy: optionalText('Canary, BlueGreen or RollingUpdate.'),
    stableRevision: optionalText('Hash of the revision that has been promoted.'),
    updatedRevision: optionalText('Hash of the revision of the current template.'),
    currentStepIndex: optionalWhole('Index of the current step from 0; the number of steps when all are done.'),
    step: optionalText('The current step in words, for example "3/5 pause until approved".'),
    canaryWeight: optionalWhole('Desired weight of the new revision.'),
    observedWeight: optionalWhole('Weight observed in the route.'),
    pause: Type.Optional(
      openShape(
        {
          reason: optionalText('Why the rollout is paused.'),
          startedAt: optionalText('When the pause started.'),
          until: optionalText('When the pause ends; absent if it ends by approval.'),
        },
        { description: 'The current pause.' },
      ),
    ),
    abort: Type.Optional(
      openShape(
        {
          reason: optionalText('The cause in one word.'),
          message: optionalText('What was measured or done.'),
          at: optionalText('When it was aborted.'),
          by: optionalText('Who aborted it, if known.'),
        },
        { description: 'Why the updated revision was rolled back.' },
      ),
    ),
    blueGreen: Type.Optional(
      openShape(
        {
          activeRevision: optionalText('Hash of the revision that the active Service selects.'),
          previewRevision: optionalText('Hash of the revision that the preview Service selects.'),
        },
        { description: 'What the two Services select.' },
      ),
    ),
  },
  { description: 'Summary of the rollout.' },
);

export const rolloutStatusFields = { rolloutStatus: Type.Optional(RolloutStatusSchema) };

export type RolloutStatus = Stored<typeof RolloutStatusSchema>;

/** Why the updated revision was rolled back. Cleared when the template changes. */
export interface Abort {
  readonly reason: AbortReason | UnknownAbortReason;
  readonly message: string;
  readonly at: string;
  readonly by?: string;
}

export interface Pause {
  readonly reason: string;
  readonly startedAt: Instant;
  /** Absent: until approved. */
  readonly until?: Instant;
}

export interface Rollout {
  readonly phase?: Phase;
  readonly message?: string;
  readonly strategy?: string;
  readonly stableRevision?: string;
  readonly updatedRevision?: string;
  /** 0 without steps. */
  readonly stepIndex: number;
  /** The step in words. Absent without steps. */
  readonly step?: string;
  readonly canaryWeight?: number;
  readonly observedWeight?: number;
  readonly pause?: Pause;
  readonly abort?: Abort;
  readonly blueGreen?: NonNullable<RolloutStatus['blueGreen']>;
}

export function readRollout(stored: RolloutStatus): Rollout {
  const { message, strategy, step, canaryWeight, observedWeight, blueGreen } = stored;
  return present({
    phase: knownPhase(stored),
    message,
    strategy,
    stableRevision: stored.stableRevision || undefined,
    updatedRevision: stored.updatedRevision || undefined,
    stepIndex: Math.max(0, stored.currentStepIndex ?? 0),
    step,
    canaryWeight,
    observedWeight,
    pause: readPause(stored.pause),
    abort: readAbort(stored.abort),
    blueGreen,
  });
}

export function knownPhase({ phase }: RolloutStatus): Phase | undefined {
  return PHASES.find(known => known === phase);
}

function readPause({ reason, startedAt, until }: RolloutStatus['pause'] = {}): Pause | undefined {
  const since = fromRfc3339(startedAt);
  if (reason === undefined || since === undefined) return undefined;
  return present({ reason, startedAt: since, until: fromRfc3339(until) });
}

function readAbort({ reason, message = '', at = '', by }: RolloutStatus['abort'] = {}): Abort | undefined {
  if (reason === undefined) return undefined;
  return present({ reason: readAbortReason(reason), message, at, by: by || undefined });
}

export function writeRollout(rollout: Rollout): RolloutStatus {
  const { phase, message, strategy, stableRevision, updatedRevision, stepIndex, step } = rollout;
  const { canaryWeight, observedWeight, pause, abort, blueGreen } = rollout;
  return present({
    phase,
    message,
    strategy,
    stableRevision,
    updatedRevision,
    currentStepIndex: step === undefined ? undefined : stepIndex,
    step,
    canaryWeight,
    observedWeight,
    pause: pause && writePause(pause),
    abort,
    blueGreen,
  });
}

function writePause({ reason, startedAt, until }: Pause) {
  return present({ reason, startedAt: toRfc3339(startedAt), until: storedInstant(until) });
}
