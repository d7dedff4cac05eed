/**
 * Reads and writes status. It is the hook's memory, and it can be lost, stale, or edited by hand: every field may be
 * absent, and no decision uses it if the children have the same information.
 */
import { type Fields, fields, objects, present } from '../schema/json.js';
import { type AnalysisState, readAnalysisState, writeAnalysisState } from './analysisRuns.js';
import { type Bookkeeping, readBookkeeping, writeBookkeeping } from './bookkeeping.js';
import type { Condition } from './conditions.js';
import type { Phase } from './phases.js';
import { type Rollout, readRollout, writeRollout } from './rolloutStatus.js';
import {
  type HandledAnnotation,
  type HistoryEntry,
  type Missing,
  type PodCounts,
  StatusSchema,
  type StormServiceStatus,
} from './schema.js';
import { understood } from './understood.js';

/** The contents of a status. Instants are whole seconds. */
export interface Status extends Rollout, Bookkeeping {
  readonly counts: PodCounts;
  readonly selector?: string;
  readonly conditions: readonly Condition[];
  /** Newest first. */
  readonly history: readonly HistoryEntry[];
  readonly handled: readonly HandledAnnotation[];
  readonly analysis: AnalysisState;
  readonly missing: readonly Missing[];
}

export interface ObservedStatus extends Status {
  /** It names no revision: the object is new, was never valid, or lost its status. */
  readonly lost: boolean;
  /** The original, to keep fields that are not understood. */
  readonly raw: Fields;
}

const understand = understood(StatusSchema);

/** A stored status, without fields that are not understood. */
export function understoodStatus(status: unknown): StormServiceStatus {
  return understand(status) ?? {};
}

/** Reads any JSON. */
export function readStatus(status: unknown): ObservedStatus {
  const stored = understoodStatus(status);
  const { selector, history = [], handledAnnotations = [], missing = [] } = stored;
  const rollout = readRollout(stored.rolloutStatus ?? {});
  return {
    ...present({ selector }),
    ...rollout,
    ...readBookkeeping(stored.bookkeeping ?? {}),
    counts: {
      replicas: atLeastNone(stored.replicas),
      readyReplicas: atLeastNone(stored.readyReplicas),
      availableReplicas: atLeastNone(stored.availableReplicas),
      updatedReplicas: atLeastNone(stored.updatedReplicas),
    },
    conditions: conditionsIn(status),
    history,
    handled: handledAnnotations.map(entry => ({ effect: '', ...entry })),
    analysis: readAnalysisState(stored),
    missing,
    lost: rollout.updatedRevision === undefined,
    raw: fields(status),
  };
}

/** The order of fields is fixed: an unchanged status costs no write. */
export function writeStatus(status: Status): StormServiceStatus {
  const { counts, selector, conditions, history, handled, analysis, missing } = status;
  const { replicas, readyReplicas, availableReplicas, updatedReplicas } = counts;
  return present({
    replicas,
    readyReplicas,
    availableReplicas,
    updatedReplicas,
    selector,
    conditions,
    rolloutStatus: writeRollout(status),
    bookkeeping: writeBookkeeping(status),
    history,
    handledAnnotations: handled.length > 0 ? handled : undefined,
    ...writeAnalysisState(analysis),
    missing: missing.length > 0 ? missing : undefined,
  });
}

/** Changes only what an invalid spec changes, and keeps everything else, even if it is not understood. */
export interface Amendment {
  readonly phase: Phase;
  readonly message: string;
  readonly conditions: readonly Condition[];
}

export function amendStatus({ raw }: ObservedStatus, { phase, message, conditions }: Amendment): Fields {
  // Metacontroller writes the generation itself.
  const { observedGeneration: _, ...kept } = raw;
  return { ...kept, conditions, rolloutStatus: { ...fields(kept['rolloutStatus']), phase, message } };
}

/** A condition stays unchanged until one of its type is written, so only its type must be known. */
function conditionsIn(status: unknown): readonly Condition[] {
  const isCondition = (entry: Fields): entry is Condition => typeof entry['type'] === 'string';
  return objects(fields(status)['conditions']).filter(isCondition);
}

function atLeastNone(count = 0): number {
  return Math.max(0, count);
}
