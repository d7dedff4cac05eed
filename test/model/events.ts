/** What happens to a cluster beside the hook. */

import { CORE_KINDS, kindOf, REPLICA_SET } from '../../src/metacontroller/children.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { ABORT_ANNOTATION, APPROVE_ANNOTATION, PROMOTE_ANNOTATION, RETRY_ANNOTATION } from '../../src/schema/names.js';
import { clusterOf, hashOf, type Model } from './model.js';
import { idOf, keptOf, type Pods, podsOf, revisionOf, type State, TEMPLATES, withAvailable } from './state.js';
import { stuckLonger } from './stuck.js';
import { follow } from './sync.js';
import { trafficOf } from './traffic.js';

/** Events that the budget counts. */
export type EventName =
  | 'template'
  | 'approve'
  | 'abort'
  | 'retry'
  | 'promote'
  | 'death'
  | 'wipe'
  | 'routeDeleted'
  | 'stale';

export interface Happened {
  readonly event: string;
  readonly state: State;
}

export function eventsIn(model: Model, state: State): readonly Happened[] {
  return model.events.flatMap(name => EVENTS[name](model, state));
}

const EVENTS: Readonly<Record<EventName, (model: Model, state: State) => readonly Happened[]>> = {
  template: (_, state) =>
    TEMPLATES.filter(template => template !== state.template).map(template => ({
      event: `template ${template}`,
      state: { ...state, template },
    })),
  approve: (model, state) => {
    const gate = model.gates.indexOf(keptOf(state).bookkeeping?.gate?.step ?? -1);
    if (gate === -1) return [];
    const ghost = { ...state.ghost, passed: Math.max(state.ghost.passed, gate + 1) };
    return annotated({ ...state, ghost }, APPROVE_ANNOTATION, 'true');
  },
  abort: (model, state) => (isRunning(model, state) ? annotated(state, ABORT_ANNOTATION, 'true') : []),
  retry: (_, state) =>
    keptOf(state).rolloutStatus?.abort === undefined ? [] : annotated(state, RETRY_ANNOTATION, 'true'),
  promote: (model, state) => (isRunning(model, state) ? annotated(state, PROMOTE_ANNOTATION, 'full') : []),
  death: (_, state) => podsChange(state, 'death', (_set, { available }) => Math.max(0, available - 1)),
  wipe: (_, state) =>
    state.status === undefined ? [] : [{ event: 'status wiped', state: { ...state, status: undefined } }],
  // Comes with a sync.
  stale: () => [],
  routeDeleted: (model, state) =>
    [...state.children.values()]
      .filter(object => !CORE_KINDS.has(kindOf(object)))
      .map(object => {
        const children = new Map(state.children);
        children.delete(idOf(object));
        const next = { ...state, children };
        return { event: `${idOf(object)} deleted`, state: { ...next, ghost: follow(model, state, next) } };
      }),
};

function isRunning(model: Model, state: State): boolean {
  return hashOf(model, state.template) !== state.ghost.stable;
}

function annotated(state: State, annotation: string, value: string): readonly Happened[] {
  if (state.annotations[annotation] !== undefined) return [];
  return [{ event: annotation, state: { ...state, annotations: { ...state.annotations, [annotation]: value } } }];
}

function podsChange(state: State, event: string, change: (set: KubeObject, pods: Pods) => number): readonly Happened[] {
  return [...state.children.values()]
    .filter(object => kindOf(object) === REPLICA_SET)
    .flatMap(set => {
      const available = change(set, podsOf(set));
      if (available === podsOf(set).available) return [];
      const children = new Map(state.children).set(idOf(set), withAvailable(set, available));
      return [{ event: `${event} in ${set.metadata.name}`, state: { ...state, children } }];
    });
}

/** Pods of a new revision, again and again. */
export function podsFallBack({ deadlineSeconds }: Model, state: State): readonly Happened[] {
  if (deadlineSeconds === undefined) return [];
  const fallen = (set: KubeObject, { available }: Pods) =>
    revisionOf(set) === state.ghost.stable ? available : Math.max(0, available - 1);
  return podsChange(state, 'a pod falls back', fallen);
}

/** A pod gets available: always happens in the end. */
export function podsGetReady(state: State): readonly Happened[] {
  return podsChange(state, 'a pod is available', (_set, { spec, available }) => Math.min(spec, available + 1));
}

export function cachesCatchUp({ behind, ...state }: State): readonly Happened[] {
  return behind === undefined ? [] : [{ event: 'caches catch up', state }];
}

/** A second passes; what was changed long enough ago is in effect everywhere. */
export function secondPasses(model: Model, state: State): Happened {
  const now = state.now + 1000;
  const { ghost, behind: _, ...rest } = state;
  const everywhere = now >= ghost.changedAt + model.settleSeconds * 1000;
  const recent = everywhere ? trafficOf(clusterOf(model, state)) : ghost.recent;
  return {
    event: 'a second passes',
    state: { ...rest, now, ghost: { ...ghost, recent, stuck: stuckLonger(model, state) } },
  };
}
