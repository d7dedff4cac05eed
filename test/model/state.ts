/** One state of a model: everything that the next sync can depend on, and what the proof has to remember. */

import {
  CONTROLLER_REVISION,
  CORE_KINDS,
  kindOf,
  lastWritten,
  REPLICA_SET,
  SERVICE,
} from '../../src/metacontroller/children.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { toRfc3339 } from '../../src/schema/instant.js';
import { REVISION_LABEL } from '../../src/schema/names.js';
import type { Ghost } from './ghost.js';

/** Templates are numbered from 1 on. */
export const TEMPLATES = [1, 2, 3] as const;
export type Template = (typeof TEMPLATES)[number];

export interface State {
  /** Whole seconds, in milliseconds. */
  readonly now: number;
  readonly template: Template;
  readonly annotations: Readonly<Record<string, string>>;
  /** By kind and name. */
  readonly children: ReadonlyMap<string, KubeObject>;
  /** As the last sync whose status was written left it. */
  readonly status: Readonly<Record<string, unknown>> | undefined;
  /** What Metacontroller's caches still show of objects that have changed since; undefined: nothing. */
  readonly behind?: ReadonlyMap<string, KubeObject | undefined>;
  readonly ghost: Ghost;
}

/** The state as the next sync sees it. */
export function seenThroughCaches(state: State): State {
  const { behind, ...actual } = state;
  if (behind === undefined) return state;
  const children = new Map(state.children);
  for (const [id, object] of behind) {
    if (object === undefined) children.delete(id);
    else children.set(id, object);
  }
  return { ...actual, children };
}

export function idOf(object: KubeObject): string {
  return `${kindOf(object)}/${object.metadata.name}`;
}

export function revisionOf({ metadata }: KubeObject): string {
  return metadata.labels?.[REVISION_LABEL] ?? '';
}

export interface Pods {
  readonly spec: number;
  readonly available: number;
}

/** The ReplicaSet of every revision that has one. */
export function podsByRevision({ children }: State): ReadonlyMap<string, Pods> {
  const sets = [...children.values()].filter(object => kindOf(object) === REPLICA_SET);
  return new Map(sets.map(set => [revisionOf(set), podsOf(set)]));
}

export function podsOf(replicaSet: KubeObject): Pods {
  const { replicas } = replicaSet['spec'] as { replicas: number };
  return { spec: replicas, available: (replicaSet['status'] as { availableReplicas: number }).availableReplicas };
}

/** A ReplicaSet as its controller reports it. */
export function withAvailable(replicaSet: KubeObject, available: number): KubeObject {
  const { replicas } = replicaSet['spec'] as { replicas: number };
  const up = Math.min(available, replicas);
  return { ...replicaSet, status: { replicas, readyReplicas: up, availableReplicas: up } };
}

/** What of the status the next sync reads. */
export interface Kept {
  readonly rolloutStatus?: {
    readonly stableRevision?: string;
    readonly updatedRevision?: string;
    readonly phase?: string;
    readonly currentStepIndex?: number;
    readonly abort?: unknown;
  };
  readonly bookkeeping?: {
    readonly setupHash?: string;
    readonly gate?: { readonly step: number };
    readonly promoteFull?: boolean;
    readonly progressedAt?: string;
    readonly progress?: { readonly pods: number; readonly at?: string; readonly stoppedAt?: string };
    readonly scaleDown?: readonly { readonly revision: string; readonly at: string; readonly wasStable: boolean }[];
    readonly routeSeen?: { readonly state: string; readonly since: string };
  };
  readonly handledAnnotations?: readonly { readonly name: string; readonly value?: string }[];
}

export function keptOf({ status = {} }: State): Kept {
  return status as Kept;
}

interface Limits {
  readonly settleSeconds: number;
  readonly deadlineSeconds?: number;
}

/** Equal for states that no further event can tell apart: times relative to now, texts left out. */
export function keyOf(state: State, { settleSeconds, deadlineSeconds }: Limits): string {
  const { now, template, annotations, children, behind = new Map<string, undefined>(), ghost } = state;
  const { rolloutStatus: rollout = {}, bookkeeping: kept = {}, handledAnnotations = [] } = keptOf(state);
  const age = (since: string) => Math.min(now - Date.parse(since), settleSeconds * 1000);
  const left = (at: string) => Math.max(Date.parse(at) - now, 0);
  return JSON.stringify([
    template,
    annotations,
    contentOf(children).text,
    [...behind].map(([id, object]) => `${id} ${object && fingerprint(object)}`).sort(),
    [rollout.stableRevision, rollout.updatedRevision, rollout.currentStepIndex, rollout.abort !== undefined],
    [kept.gate?.step, kept.promoteFull, kept.setupHash],
    deadlineSeconds !== undefined && [rollout.phase, ...clockOf(kept, now, deadlineSeconds)],
    kept.scaleDown?.map(({ revision, at, wasStable }) => [revision, left(at), wasStable]),
    seenOf(state, kept.routeSeen, age),
    behind.size > 0 && seenOf(seenThroughCaches(state), kept.routeSeen, age),
    handledAnnotations.map(({ name, value }) => [name, value]),
    { ...ghost, changedAt: Math.min(now - ghost.changedAt, settleSeconds * 1000) },
  ]);
}

function clockOf(kept: NonNullable<Kept['bookkeeping']>, now: number, deadlineSeconds: number) {
  const { progressedAt, progress: { pods, at, stoppedAt } = {} } = kept;
  const age = (since: string | undefined) => since && Math.min(now - Date.parse(since), deadlineSeconds * 1000);
  return [pods, age(progressedAt ?? at), age(stoppedAt)];
}

/** What was seen counts only if nothing was written since; a second write within one second looks like the first. */
function seenOf(
  { children, now }: State,
  seen: { readonly state: string; readonly since: string } | undefined,
  age: (since: string) => number,
) {
  const { written } = contentOf(children);
  const fresh = written === toRfc3339(now);
  return seen?.state.endsWith(written) ? [seen.state.slice(0, -written.length), age(seen.since), fresh] : fresh;
}

interface Content {
  readonly text: readonly string[];
  /** When anything that carries traffic was written last. */
  readonly written: string;
}

const contents = new WeakMap<State['children'], Content>();

function contentOf(children: State['children']): Content {
  const known = contents.get(children) ?? {
    text: [...children].map(([id, object]) => `${id} ${fingerprint(object)}`).sort(),
    written: lastWritten([...children.values()].filter(carriesTraffic)),
  };
  contents.set(children, known);
  return known;
}

function carriesTraffic(object: KubeObject): boolean {
  const kind = kindOf(object);
  return kind === SERVICE || !CORE_KINDS.has(kind);
}

const fingerprints = new WeakMap<KubeObject, string>();

function fingerprint(object: KubeObject): string {
  const known = fingerprints.get(object);
  if (known !== undefined) return known;
  const made = describe(object);
  fingerprints.set(object, made);
  return made;
}

function describe(object: KubeObject): string {
  switch (kindOf(object)) {
    case REPLICA_SET: {
      const { spec, available } = podsOf(object);
      return `${spec} ${available}`;
    }
    case CONTROLLER_REVISION:
      return String(object['revision']);
    case SERVICE:
      return (object['spec'] as { selector: Record<string, string> }).selector[REVISION_LABEL] ?? '*';
    default:
      return JSON.stringify([object['spec'], object.metadata.annotations]);
  }
}
