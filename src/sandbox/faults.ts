import type { KubeObject } from '../metacontroller/object.js';
import type { Verb } from './cluster/store.js';
import type { Random } from './random.js';

/** What goes wrong in one sync. Nothing, when empty. */
export interface Fault {
  /**
   * The cache that the parent is read from is so many changes behind: also behind what an earlier sync saw, as after
   * a restart against another API server.
   */
  readonly staleParent?: number;
  /** The caches that children and related objects are read from are so many changes of each kind behind. */
  readonly staleChildren?: number;
  /** The hook process is replaced by a new one before it is called. */
  readonly restartHook?: boolean;
  /** `request`: the hook never gets it. `answer`: it decides, and nobody hears what. */
  readonly lose?: 'request' | 'answer';
  /** The API server refuses these writes of children; the others go on. */
  readonly refuse?: (write: ChildWrite) => boolean;
  /** Metacontroller dies after so many attempts to write, the status among them, and starts anew. */
  readonly crashAfterWrites?: number;
  /** The status is not written, as after a conflict: children are applied. */
  readonly loseStatus?: boolean;
  /** The same object is synced once more at once. */
  readonly repeat?: boolean;
}

export interface ChildWrite {
  readonly verb: Exclude<Verb, 'status'>;
  readonly child: KubeObject;
}

/** Chooses the fault of each sync. `number` counts all syncs from 1. */
export type Faults = (sync: { readonly number: number; readonly parent: string }) => Fault;

export const noFaults: Faults = () => ({});

/** One fault in sync number n, none in the others. */
export function faultAt(n: number, fault: Fault): Faults {
  return ({ number }) => (number === n ? fault : {});
}

/** Any mix of faults; each of them with this probability. Ends after sync number `until`. */
export function randomFaults(random: Random, probability: number, until = Number.POSITIVE_INFINITY): Faults {
  const hit = () => random() < probability;
  const some = (most: number) => 1 + Math.floor(random() * most);
  return ({ number }) => {
    if (number > until) return {};
    return {
      ...(hit() && { staleParent: some(3) }),
      ...(hit() && { staleChildren: some(3) }),
      ...(hit() && { restartHook: true }),
      ...(hit() && { lose: random() < 0.5 ? 'request' : 'answer' }),
      ...(hit() && { refuse: () => random() < 0.5 }),
      ...(hit() && { crashAfterWrites: some(4) - 1 }),
      ...(hit() && { loseStatus: true }),
      ...(hit() && { repeat: true }),
    };
  };
}
