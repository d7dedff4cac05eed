import { findObject, SERVICE } from '../metacontroller/children.js';
import type { ObjectMap } from '../metacontroller/hook.js';
import { REVISION_LABEL } from '../schema/names.js';

/** The selection of a Service: the pods of one revision, by its hash, or of all revisions. */
export type Selection = string;
export const ALL_REVISIONS: Selection = '*';

/** The observed selection of one of our Services; undefined if it does not exist. */
export function observeSelection(children: ObjectMap, service: string): Selection | undefined {
  const object = findObject(children, SERVICE, service);
  if (!object) return undefined;
  const selector = (object['spec'] as { selector?: Readonly<Record<string, string>> } | undefined)?.selector;
  return selector?.[REVISION_LABEL] ?? ALL_REVISIONS;
}
