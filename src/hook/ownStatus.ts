/**
 * When to be called again because of the status that this sync returns. Metacontroller does not call because of a status
 * that it has written itself (ignoreStatusChanges), but some moves wait until status has recorded the one before.
 */
import { isDeepStrictEqual } from 'node:util';
import type { SyncAnswer } from '../metacontroller/hook.js';
import type { Observation } from '../observe/observation.js';
import { type Fields, fields, objects } from '../schema/json.js';
import { readStatus } from '../status/status.js';

/** Seconds until it has been written. If it has not, the same is asked again. */
const WRITTEN = 0.02;
/** Seconds after which it is checked that it has been written at all. */
const CHECKED = 2;

type Returned = Pick<SyncAnswer, 'status' | 'children'>;

/**
 * Seconds, or undefined if the status is there already.
 * @param again the same decision from another observation
 */
export function resyncForStatus(
  observation: Observation,
  returned: Returned,
  again: (observation: Observation) => Returned,
): number | undefined {
  const { observedGeneration: _, ...observed } = observation.memory.raw;
  const status = asStored(returned.status);
  if (isDeepStrictEqual(status, observed)) return undefined;
  if (isDeepStrictEqual(withoutCounts(status), withoutCounts(observed))) return CHECKED;
  const next = again({ ...observation, memory: readStatus(status) });
  const isSettled =
    isDeepStrictEqual(asStored(next.status), status) && isDeepStrictEqual(next.children, returned.children);
  return isSettled ? CHECKED : WRITTEN;
}

/** Without what is undefined. */
function asStored(status: SyncAnswer['status']): Fields {
  return fields(JSON.parse(JSON.stringify(status)));
}

/** What the next decision could depend on. */
function withoutCounts(status: Fields): Fields {
  const { replicas, readyReplicas, availableReplicas, updatedReplicas, rolloutStatus, conditions, ...rest } = status;
  const { message, observedWeight, ...rollout } = fields(rolloutStatus);
  return { ...rest, rollout, conditions: objects(conditions).map(({ message: _, ...condition }) => condition) };
}
