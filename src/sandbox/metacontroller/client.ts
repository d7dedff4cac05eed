import { kindOf } from '../../metacontroller/children.js';
import type { KubeObject } from '../../metacontroller/object.js';
import { FIELD_MANAGER } from '../../metacontroller/unchanged.js';
import type { Cluster } from '../cluster/cluster.js';
import { keyOf } from '../cluster/objectKey.js';
import type { ChildWrite } from '../faults.js';

/** Metacontroller's way to the API server during one sync. Every request passes `attempt` first, which may throw. */
export class Client {
  readonly #cluster: Cluster;
  readonly #attempt: (write: ChildWrite) => void;

  constructor(cluster: Cluster, attempt: (write: ChildWrite) => void) {
    this.#cluster = cluster;
    this.#attempt = attempt;
  }

  get(object: KubeObject): KubeObject | undefined {
    return this.#cluster.get(kindOf(object), keyOf(object));
  }

  create(child: KubeObject): void {
    this.#attempt({ verb: 'create', child });
    this.#cluster.create(child, FIELD_MANAGER);
  }

  update(child: KubeObject): void {
    this.#attempt({ verb: 'update', child });
    this.#cluster.update(child, FIELD_MANAGER);
  }

  apply(child: KubeObject): KubeObject {
    this.#attempt({ verb: 'apply', child });
    return this.#cluster.apply(child, FIELD_MANAGER);
  }

  /** Deletes this very object, not another that has taken its name. */
  remove(child: KubeObject): void {
    this.#attempt({ verb: 'delete', child });
    this.#cluster.remove(kindOf(child), keyOf(child), FIELD_MANAGER, child.metadata.uid);
  }
}
