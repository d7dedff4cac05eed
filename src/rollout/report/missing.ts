import { findObject, kindOf } from '../../metacontroller/children.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { Observation } from '../../observe/observation.js';
import { earliest, type Instant, startOfWait, toRfc3339 } from '../../schema/instant.js';
import type { Missing } from '../../status/schema.js';

/** How long a child may take to appear before a condition names it. */
export const MISSING_FOR_SECONDS = 10;

/**
 * Desired children that are not observed, each with the time since. A child is created by the first sync that returns
 * it, so a missing one counts only from the second sync of its revision on: most never cost a status write.
 */
export function findMissing(
  { memory, target, children }: Observation,
  desired: readonly KubeObject[],
  now: Instant,
): readonly Missing[] {
  if (memory.updatedRevision !== target) return [];
  return desired
    .filter(child => !findObject(children, kindOf(child), child.metadata.name))
    .map(child => {
      const { name } = child.metadata;
      const before = memory.missing.find(entry => entry.kind === child.kind && entry.name === name);
      return { kind: child.kind, name, since: before?.since ?? toRfc3339(startOfWait(now)) };
    });
}

/** When a condition will name the first of them; undefined if all are named already, or none is missing. */
export function namedAt(missing: readonly Missing[], now: Instant): Instant | undefined {
  return earliest(missing.map(({ since }) => Date.parse(since) + MISSING_FOR_SECONDS * 1000).filter(at => at > now));
}
