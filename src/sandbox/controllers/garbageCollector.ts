import { kindOf } from '../../metacontroller/children.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { Cluster } from '../cluster/cluster.js';
import { keyOf } from '../cluster/objectKey.js';
import type { Clock } from '../time/clock.js';

const MANAGER = 'kube-controller-manager';
const LATENCY_MS = 50;

/** Deletes objects all of whose owners are gone, those too that were created after their owner went. */
export function collectGarbage(cluster: Cluster, clock: Clock): void {
  const check = (uid: string) => {
    const object = cluster.byUid(uid);
    if (object !== undefined && isGarbage(cluster, object)) cluster.remove(kindOf(object), keyOf(object), MANAGER, uid);
  };
  cluster.watch(({ verb, before, after }) => {
    const gone = verb === 'delete' ? before?.metadata.uid : undefined;
    const suspects = gone === undefined ? [after] : cluster.dependents(gone);
    for (const suspect of suspects) {
      const uid = suspect?.metadata.uid;
      if (suspect !== undefined && uid !== undefined && isGarbage(cluster, suspect)) {
        clock.schedule(LATENCY_MS, () => check(uid));
      }
    }
  });
}

function isGarbage(cluster: Cluster, { metadata }: KubeObject): boolean {
  const owners = metadata.ownerReferences ?? [];
  return owners.length > 0 && owners.every(({ uid }) => cluster.byUid(uid) === undefined);
}
