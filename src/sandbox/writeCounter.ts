import { FIELD_MANAGER } from '../metacontroller/unchanged.js';
import type { Cluster } from './cluster/cluster.js';
import { STORM_SERVICE } from './cluster/kinds.js';

/** Writes of Metacontroller: `ReplicaSet.apps/v1` … for children; `status` and `annotations` for the StormService. */
export type Writes = Readonly<Record<string, number>>;

/** Counts what Metacontroller changes in the cluster, by kind. A request that changes nothing is not counted. */
export class WriteCounter {
  readonly #counts = new Map<string, number>();

  constructor(cluster: Cluster) {
    cluster.watch(({ by, kind, verb }) => {
      if (by !== FIELD_MANAGER) return;
      const parent = verb === 'status' ? 'status' : 'annotations';
      const subject = kind === STORM_SERVICE ? parent : kind;
      this.#counts.set(subject, (this.#counts.get(subject) ?? 0) + 1);
    });
  }

  get byKind(): Writes {
    return Object.fromEntries(this.#counts);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }
}
