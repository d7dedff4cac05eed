import { allObjects, CORE_KINDS, kindOf } from '../metacontroller/children.js';
import type { ObjectMap } from '../metacontroller/hook.js';
import type { KubeObject } from '../metacontroller/object.js';

/**
 * Observed route objects that the current configuration does not create: of a router that was removed or renamed. As
 * long as they exist, they may still route requests as in the earlier configuration.
 */
export function foreignRoutes(children: ObjectMap, ours: readonly KubeObject[]): readonly KubeObject[] {
  const names = new Set(ours.map(child => `${kindOf(child)} ${child.metadata.name}`));
  return allObjects(children).filter(
    child => !CORE_KINDS.has(kindOf(child)) && !names.has(`${kindOf(child)} ${child.metadata.name}`),
  );
}
