import { type Instant, startOfWait, toRfc3339 } from '../instant.js';
import type { KubeObject } from '../metacontroller/object.js';
import { findObject, kindOf } from '../observe/children.js';
import type { Missing } from '../observe/memory.js';
import type { Observation } from '../observe/observation.js';

/** How long a child may take to appear before a condition names it. */
export const MISSING_FOR_SECONDS = 10;

/** Children that are wanted and not observed, each with when it was wanted first. */
export function findMissing(
  observation: Observation,
  desired: readonly KubeObject[],
  now: Instant,
): readonly Missing[] {
  return desired
    .filter(child => !findObject(observation.children, kindOf(child), child.metadata.name))
    .map(child => {
      const { name } = child.metadata;
      const before = observation.memory.missing.find(entry => entry.kind === child.kind && entry.name === name);
      return { kind: child.kind, name, since: before?.since ?? toRfc3339(startOfWait(now)) };
    });
}
