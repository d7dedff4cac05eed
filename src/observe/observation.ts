import type { Spec } from '../api/spec.js';
import type { ObjectMap, SyncRequest } from '../metacontroller/hook.js';
import type { KubeObject } from '../metacontroller/object.js';
import { hash } from '../schema/hash.js';
import { type ObservedStatus, readStatus } from '../status/status.js';
import { type Parent, readParent } from './parent.js';
import { observeRevisions, type Revision } from './revisions.js';

/** The input of a decision, apart from the time and the measurements. */
export interface Observation {
  readonly parent: Parent;
  /** The StormService in the request. */
  readonly object: KubeObject;
  readonly spec: Spec;
  readonly memory: ObservedStatus;
  /** Hash of the current template. */
  readonly target: string;
  /** Oldest first; the target is among them. */
  readonly revisions: readonly Revision[];
  readonly children: ObjectMap;
  readonly related: ObjectMap;
}

/** The part of an observation that routers and the builders of children read. */
export type ObservedObjects = Pick<Observation, 'parent' | 'spec' | 'children' | 'related'>;

export function observe(request: SyncRequest, spec: Spec): Observation {
  return {
    parent: readParent(request.parent),
    object: request.parent,
    spec,
    memory: readStatus(request.parent['status']),
    target: hash(spec.template),
    revisions: observeRevisions(spec, request.children),
    children: request.children,
    related: request.related ?? {},
  };
}
