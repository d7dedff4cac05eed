import { findObject, kindOf } from '../metacontroller/children.js';
import type { KubeObject } from '../metacontroller/object.js';
import { OWNER_LABEL } from '../metacontroller/unchanged.js';
import type { Observation } from './observation.js';

/** A name of a desired child that another object already has. */
export interface Collision {
  readonly kind: string;
  readonly name: string;
  /** Its controller, if it has one. */
  readonly owner: string | undefined;
  /** It is a child of a deleted StormService of the same name. */
  readonly leftBehind: boolean;
}

export function findCollisions(
  { parent, children, related }: Pick<Observation, 'parent' | 'children' | 'related'>,
  desired: readonly KubeObject[],
): readonly Collision[] {
  return desired.flatMap(child => {
    const kind = kindOf(child);
    const { name } = child.metadata;
    const other = findObject(related, kind, name);
    if (!other || findObject(children, kind, name)) return [];
    const controller = other.metadata.ownerReferences?.find(reference => reference.controller === true);
    if (controller?.uid === parent.uid) return [];
    const formerUid = other.metadata.labels?.[OWNER_LABEL];
    // Released or just created: Metacontroller adopts it in the next sync.
    if (!controller && formerUid === parent.uid) return [];
    return [
      {
        kind: child.kind,
        name,
        owner: controller && `${controller.kind} ${controller.name}`,
        leftBehind: !controller && formerUid !== undefined,
      },
    ];
  });
}
