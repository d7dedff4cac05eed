/**
 * The status of a sync, and when to be called again because of it. Metacontroller does not call because of a status that
 * it has written itself (ignoreStatusChanges), but some moves wait until status has recorded the one before.
 */
import { isDeepStrictEqual } from 'node:util';
import type { SyncAnswer } from '../metacontroller/hook.js';
import type { Observation } from '../observe/observation.js';
import { fromRfc3339, type Instant } from '../schema/instant.js';
import { type Fields, fields, objects } from '../schema/json.js';
import { readStatus } from '../status/status.js';

type Decided = Pick<SyncAnswer, 'status' | 'children'>;

export interface OwnStatus {
  readonly status: SyncAnswer['status'];
  /** When it has been written, at the latest; undefined if it is there already. */
  readonly seconds: number | undefined;
}

/** Seconds until it has been written. If it has not by then, the same is asked again. */
const WRITTEN = 0.02;
/** Seconds after which it is checked that it has been written at all. */
const CHECKED = 2;
/** Milliseconds for which a status may be behind in its counts of pods. */
const COUNTS_MAY_WAIT = 1000;

/**
 * Counts that move while pods start are written once a second; everything else, and the last count, at once.
 * @param again the same decision from another observation
 */
export function ownStatus(
  observation: Observation,
  decided: Decided,
  again: (observation: Observation) => Decided,
  now: Instant,
): OwnStatus {
  const { observedGeneration, ...observed } = observation.memory.raw;
  const status = asStored(decided.status);
  if (isDeepStrictEqual(status, observed)) return { status: decided.status, seconds: undefined };
  if (isDeepStrictEqual(withoutCounts(status), withoutCounts(observed))) {
    const wait = observedGeneration === observation.parent.generation ? waitOf(observation, now) : 0;
    return wait > 0 ? { status: observed, seconds: wait / 1000 } : { status: decided.status, seconds: CHECKED };
  }
  const next = again({ ...observation, memory: readStatus(status) });
  const isAll =
    isDeepStrictEqual(withoutMissing(asStored(next.status)), withoutMissing(status)) &&
    isDeepStrictEqual(next.children, decided.children);
  return { status: decided.status, seconds: isAll ? CHECKED : WRITTEN };
}

/** What is created by this sync is not missing yet. */
function withoutMissing({ missing, ...status }: Fields): Fields {
  return status;
}

/** Milliseconds until counts are written again: while pods move, and less than a second after the last write. */
function waitOf({ object, memory: { phase } }: Observation, now: Instant): number {
  if (phase !== 'Progressing') return 0;
  const times = (object.metadata.managedFields ?? [])
    .filter(({ subresource }) => subresource === 'status')
    .map(({ time }) => fromRfc3339(time) ?? 0);
  const writtenAt = Math.max(0, ...times);
  return writtenAt <= now ? writtenAt + COUNTS_MAY_WAIT - now : 0;
}

/** Without what is undefined. */
function asStored(status: SyncAnswer['status']): Fields {
  return fields(JSON.parse(JSON.stringify(status)));
}

/** Without numbers of pods, the sentences that have them, and when the last pod was counted. */
function withoutCounts(status: Fields): Fields {
  const { replicas, readyReplicas, availableReplicas, updatedReplicas, rolloutStatus, conditions, ...rest } = status;
  const { message: _, ...rollout } = fields(rolloutStatus);
  const { progress, progressedAt, ...bookkeeping } = fields(status['bookkeeping']);
  return { ...rest, rollout, bookkeeping, conditions: objects(conditions).map(({ message, ...kept }) => kept) };
}
