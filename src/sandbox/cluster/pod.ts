import type { Instant } from '../../schema/instant.js';
import type { JsonObject } from '../../schema/json.js';
import type { Labels } from './labels.js';

/** A pod as it is at one moment. */
export interface Pod {
  readonly name: string;
  readonly namespace: string;
  /** Name of its ReplicaSet. */
  readonly replicaSet: string;
  readonly replicaSetUid: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** spec of its template. */
  readonly spec: JsonObject;
  readonly phase: 'Pending' | 'Running' | 'Terminating';
  readonly ready: boolean;
  /** Ready for minReadySeconds: what ReplicaSets count and Services send traffic to. */
  readonly available: boolean;
  readonly restarts: number;
  readonly createdAt: Instant;
  readonly startedAt?: Instant;
  readonly readySince?: Instant;
}

/** How a pod fares once it is created. */
export type PodFate =
  | { readonly fate: 'healthy'; readonly startupSeconds: number }
  | { readonly fate: 'neverReady' }
  /** Becomes ready, stays up for so long, and begins again after a growing delay. */
  | { readonly fate: 'crashLoop'; readonly startupSeconds: number; readonly upSeconds: number };

/** Decides a pod's fate from what it is. */
export type PodFates = (pod: Pod) => PodFate;

/** Images tagged `bad` never get ready, those tagged `crash` crash after 2 s; the rest starts in `startupSeconds`. */
export function fateByImage(startupSeconds: number): PodFates {
  return ({ spec }) => {
    const containers = JSON.stringify(spec['containers'] ?? []);
    if (/"image":"[^"]*:bad"/.test(containers)) return { fate: 'neverReady' };
    if (/"image":"[^"]*:crash"/.test(containers)) return { fate: 'crashLoop', startupSeconds, upSeconds: 2 };
    return { fate: 'healthy', startupSeconds };
  };
}

/** Removal order of a ReplicaSet: what does not run, then what is not ready, then the youngest. */
export function byRemoval(a: Pod, b: Pod): number {
  return (
    rank(a) - rank(b) ||
    (b.readySince ?? 0) - (a.readySince ?? 0) ||
    b.restarts - a.restarts ||
    b.createdAt - a.createdAt ||
    (a.name < b.name ? -1 : 1)
  );
}

function rank({ phase, ready }: Pod): number {
  if (phase === 'Pending') return 0;
  return ready ? 2 : 1;
}
