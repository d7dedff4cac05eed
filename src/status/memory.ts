/**
 * What the status of the last sync remembers. Status can be lost, old, or edited by hand, so every field is read as if
 * it might not be there, and nothing is decided from it that can be read from the children.
 */

import { fromRfc3339, type Instant } from '../schema/instant.js';
import { type AbortReason, readAbortReason, type UnknownAbortReason } from './abortReasons.js';

export interface HandledAnnotation {
  readonly name: string;
  /** The value that is used up. Absent once the annotation was seen without it. */
  readonly value?: string;
  readonly effect: string;
  readonly by?: string;
  readonly at?: string;
}

/** Why the updated revision was taken back. It is forgotten when the template changes. */
export interface Abort {
  readonly reason: AbortReason | UnknownAbortReason;
  readonly message: string;
  readonly at: string;
  readonly by?: string;
}

/** A gate or timed pause that was reached. */
export interface Gate {
  /** Index in the steps; −1 for blue-green's one pause. */
  readonly step: number;
  readonly startedAt: Instant;
}

/** When the pods of a revision may go. */
export interface ScaleDown {
  readonly at: Instant;
  /** It was stable, so going back to it before then needs no new proof. */
  readonly wasStable: boolean;
}

export interface Missing {
  readonly kind: string;
  readonly name: string;
  readonly since: string;
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

export interface Counts {
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly updatedReplicas: number;
}

/** What the next sync has to know beside what it can observe. */
export type Bookkeeping = Pick<
  Memory,
  | 'setupHash'
  | 'stepsHash'
  | 'gate'
  | 'promoteFull'
  | 'heldSince'
  | 'startedAt'
  | 'progressedAt'
  | 'scaleDownAt'
  | 'routeSeen'
>;

export interface Memory {
  /** Status names no revision: a new object, one that never was valid, or one whose status was lost. */
  readonly lost: boolean;
  readonly stableRevision?: string;
  readonly updatedRevision?: string;
  readonly stepIndex: number;
  /** Of the step list that stepIndex points into. */
  readonly stepsHash?: string;
  /** Of the strategy, routing and Services that the rollout runs under. */
  readonly setupHash?: string;
  readonly gate?: Gate;
  readonly abort?: Abort;
  readonly promoteFull: boolean;
  readonly heldSince?: Instant;
  readonly progressedAt?: Instant;
  readonly startedAt?: Instant;
  /** When the pods of a revision may go, by hash. */
  readonly scaleDownAt: ReadonlyMap<string, ScaleDown>;
  /** The route state last seen, and since when it has been so. */
  readonly routeSeen?: { readonly state: string; readonly since: Instant };
  readonly handled: readonly HandledAnnotation[];
  readonly missing: readonly Missing[];
  readonly conditions: readonly Condition[];
  readonly counts: Counts;
  /** The status as it was, for what must be kept although it is not understood. */
  readonly raw: Readonly<Record<string, unknown>>;
}

export function readMemory(status: unknown): Memory {
  const raw = record(status);
  const rollout = record(raw['rolloutStatus']);
  const kept = record(raw['bookkeeping']);
  const gate = readGate(kept['gate']);
  const abort = readAbort(rollout['abort']);
  const seen = record(kept['routeSeen']);
  const seenSince = fromRfc3339(seen['since']);
  return {
    lost: text(rollout['updatedRevision']) === undefined,
    ...optional('stableRevision', text(rollout['stableRevision'])),
    ...optional('updatedRevision', text(rollout['updatedRevision'])),
    stepIndex: whole(rollout['currentStepIndex']),
    ...optional('stepsHash', text(kept['stepsHash'])),
    ...optional('setupHash', text(kept['setupHash'])),
    ...optional('gate', gate),
    ...optional('abort', abort),
    promoteFull: kept['promoteFull'] === true,
    ...optional('heldSince', fromRfc3339(kept['heldSince'])),
    ...optional('progressedAt', fromRfc3339(kept['progressedAt'])),
    ...optional('startedAt', fromRfc3339(kept['startedAt'])),
    scaleDownAt: new Map(
      list(kept['scaleDown']).flatMap(entry => {
        const at = fromRfc3339(entry['at']);
        return typeof entry['revision'] === 'string' && at !== undefined
          ? [[entry['revision'], { at, wasStable: entry['wasStable'] === true }]]
          : [];
      }),
    ),
    ...(typeof seen['state'] === 'string' &&
      seenSince !== undefined && { routeSeen: { state: seen['state'], since: seenSince } }),
    handled: list(raw['handledAnnotations']).flatMap(entry =>
      typeof entry['name'] === 'string' ? [{ effect: '', ...entry } as unknown as HandledAnnotation] : [],
    ),
    missing: list(raw['missing']).flatMap(entry =>
      fromRfc3339(entry['since']) === undefined ? [] : [entry as unknown as Missing],
    ),
    conditions: list(raw['conditions']).flatMap(entry =>
      typeof entry['type'] === 'string' ? [entry as unknown as Condition] : [],
    ),
    counts: {
      replicas: whole(raw['replicas']),
      readyReplicas: whole(raw['readyReplicas']),
      availableReplicas: whole(raw['availableReplicas']),
      updatedReplicas: whole(raw['updatedReplicas']),
    },
    raw,
  };
}

function readGate(value: unknown): Gate | undefined {
  const { step, startedAt } = record(value);
  const started = fromRfc3339(startedAt);
  return typeof step === 'number' && started !== undefined ? { step, startedAt: started } : undefined;
}

function readAbort(value: unknown): Abort | undefined {
  const { reason, message, at, by } = record(value);
  if (typeof reason !== 'string') return undefined;
  return {
    reason: readAbortReason(reason),
    message: text(message) ?? '',
    at: text(at) ?? '',
    ...optional('by', text(by)),
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function whole(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 0;
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [key in K]?: V };
}
