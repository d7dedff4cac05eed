/** The real decision in a state, and the states that follow when only some of it is applied. */

import { kindOf, REPLICA_SET } from '../../src/metacontroller/children.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { render } from '../../src/render/render.js';
import { report } from '../../src/rollout/report/report.js';
import { step } from '../../src/rollout/step.js';
import { toRfc3339 } from '../../src/schema/instant.js';
import { merged, sameTraffic } from './ghost.js';
import { clusterOf, type Model, observationOf } from './model.js';
import { attemptAfter } from './permission.js';
import { idOf, podsOf, type State, seenThroughCaches, withAvailable } from './state.js';
import { trafficOf } from './traffic.js';

export interface Change {
  readonly id: string;
  /** As it will be stored. Undefined: it is deleted. */
  readonly object: KubeObject | undefined;
}

export interface Sync {
  readonly changes: readonly Change[];
  readonly status: Readonly<Record<string, unknown>>;
}

export function sync(model: Model, state: State): Sync {
  const seen = seenThroughCaches(state);
  const observation = observationOf(model, seen);
  const decision = step(observation, state.now);
  const desired = render(observation, decision);
  const wanted = new Set(desired.map(idOf));
  const status = report(decision, { missing: [], collisions: [] });
  return {
    changes: [
      ...desired.flatMap(child => changeOf(state, seen, child)),
      ...[...seen.children.keys()].filter(id => !wanted.has(id)).map(id => ({ id, object: undefined })),
    ],
    status,
  };
}

/** What was applied, by the metadata of what is stored: pods that come and go leave that alone. */
const contents = new WeakMap<KubeObject['metadata'], string>();

function changeOf(state: State, seen: State, desired: KubeObject): readonly Change[] {
  const id = idOf(desired);
  const content = JSON.stringify(desired);
  const observed = seen.children.get(id);
  if (observed && contents.get(observed.metadata) === content) return [];
  const object = stored(state.children.get(id), desired, state.now);
  contents.set(object.metadata, content);
  return [{ id, object }];
}

/** Every subset of the changes. The whole of it comes first. */
export function partsOf(changes: readonly Change[]): readonly (readonly Change[])[] {
  const count = 2 ** changes.length;
  return Array.from({ length: count }, (_, i) => changes.filter((_, bit) => (count - 1 - i) & (1 << bit)));
}

/** The state after these changes: with the status lost, and with it written. */
export function applied(
  model: Model,
  state: State,
  { status }: Sync,
  changes: readonly Change[],
): { readonly lost: State; readonly kept: State } {
  const lost = changes.length === 0 ? state : changed(model, state, changes);
  return { lost, kept: withStatus(model, state, lost, status) };
}

function changed(model: Model, state: State, changes: readonly Change[]): State {
  const children = new Map(state.children);
  for (const { id, object } of changes) {
    // An update of an object that has changed since it was read is refused.
    if (state.behind?.has(id)) continue;
    if (object === undefined) children.delete(id);
    else children.set(id, object);
  }
  const next = { ...state, children };
  return { ...next, ghost: follow(model, state, next) };
}

/**
 * The states in which some caches have not heard of these changes yet: of all that carry traffic, or of one. Pods are
 * always seen as they are: a ReplicaSet that lags behind can make a share look carried that is not.
 */
export function staleAfter(before: State, after: State, changes: readonly Change[]): readonly State[] {
  const ids = changes.map(({ id }) => id).filter(id => !POD_KINDS.test(id));
  const lagging = ids.length > 1 ? [ids, ...ids.map(id => [id])] : [ids];
  const shown = (id: string) => [id, before.children.get(id)] as const;
  return ids.length === 0 ? [] : lagging.map(some => ({ ...after, behind: new Map(some.map(shown)) }));
}

const POD_KINDS = /^(ReplicaSet|ControllerRevision)\./;

/** As the API server keeps it, with a note of when it was written. */
function stored(before: KubeObject | undefined, object: KubeObject, now: number): KubeObject {
  const managedFields = [{ manager: 'metacontroller', operation: 'Update', time: toRfc3339(now) }];
  const written = { ...object, metadata: { ...object.metadata, managedFields } };
  if (kindOf(object) !== REPLICA_SET) return written;
  return withAvailable(written, before === undefined ? 0 : podsOf(before).available);
}

/** Remembers what was in effect until now for as long as a change needs to reach every proxy. */
export function follow(model: Model, before: State, after: State): State['ghost'] {
  const { ghost } = before;
  const now = trafficOf(clusterOf(model, after));
  if (sameTraffic(now, trafficOf(clusterOf(model, before)))) return ghost;
  return { ...ghost, recent: merged(ghost.recent, now), changedAt: after.now };
}

/** One-shots that status shows as used up are taken away, as the DecoratorController does. */
function withStatus(model: Model, before: State, after: State, status: Sync['status']): State {
  const { handledAnnotations: handled = [], ...rest } = status as {
    readonly handledAnnotations?: readonly { readonly name: string; readonly value?: string }[];
  };
  const usedUp = new Set(handled.map(({ name }) => name));
  const annotations = Object.fromEntries(Object.entries(after.annotations).filter(([name]) => !usedUp.has(name)));
  const written = { ...after, annotations, status: rest };
  return { ...written, ghost: attemptAfter(model, before, written) };
}
