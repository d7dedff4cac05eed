import type { KubeObject } from '../../../src/metacontroller/object.js';
import type { Pod } from '../../../src/sandbox/cluster/pod.js';
import { isList, isObject } from '../../../src/schema/json.js';
import { REVISION_LABEL, ROLE_LABEL } from '../../../src/schema/names.js';
import type { RolloutStatus } from './rolloutStatus.js';

export type PodState = 'available' | 'starting' | 'failing' | 'terminating';

/** The pods of one revision or, with roles, of one of its roles. */
export interface PodGroup {
  /** '' without roles. */
  readonly role: string;
  readonly wanted: number;
  readonly pods: readonly PodState[];
}

export interface RevisionPicture {
  readonly hash: string;
  readonly rank: 'stable' | 'new' | 'old';
  /** Of its first container, without the path of its repository. */
  readonly image: string;
  readonly groups: readonly PodGroup[];
  /** Pods of all groups; terminating ones do not count as `available`. */
  readonly wanted: number;
  readonly pods: number;
  readonly available: number;
}

interface Children {
  readonly sets: readonly KubeObject[];
  readonly pods: readonly Pod[];
}

const RANKS = ['stable', 'old', 'new'] as const;

/** Stable, then old revisions, then the new one; groups in the order of `roles`. Omits irrelevant revisions without pods. */
export function revisionPictures(
  { sets, pods }: Children,
  roles: readonly string[],
  status: RolloutStatus,
): readonly RevisionPicture[] {
  const hashes = [...new Set(sets.map(({ metadata }) => metadata.labels?.[REVISION_LABEL] ?? ''))];
  return hashes
    .map(hash =>
      revisionPicture(
        hash,
        sets
          .filter(({ metadata }) => metadata.labels?.[REVISION_LABEL] === hash)
          .sort((a, b) => roles.indexOf(roleOf(a)) - roles.indexOf(roleOf(b))),
        pods,
        status,
      ),
    )
    .filter(({ rank, pods: count, wanted }) => rank !== 'old' || count > 0 || wanted > 0)
    .sort((a, b) => RANKS.indexOf(a.rank) - RANKS.indexOf(b.rank));
}

function revisionPicture(
  hash: string,
  sets: readonly KubeObject[],
  pods: readonly Pod[],
  { stableRevision, updatedRevision }: RolloutStatus,
): RevisionPicture {
  const groups = sets.map((set: KubeObject & { readonly spec?: unknown }) => ({
    role: roleOf(set),
    wanted: isObject(set.spec) && typeof set.spec['replicas'] === 'number' ? set.spec['replicas'] : 0,
    pods: pods.filter(({ replicaSet }) => replicaSet === set.metadata.name).map(stateOf),
  }));
  const states = groups.flatMap(group => group.pods);
  const unstable = hash === updatedRevision ? 'new' : 'old';
  return {
    hash,
    rank: hash === stableRevision ? 'stable' : unstable,
    image: imageOf(sets[0]),
    groups,
    wanted: groups.reduce((sum, { wanted }) => sum + wanted, 0),
    pods: states.length,
    available: states.filter(state => state === 'available').length,
  };
}

function roleOf({ metadata }: KubeObject): string {
  return metadata.labels?.[ROLE_LABEL] ?? '';
}

function stateOf({ phase, available, ready, restarts }: Pod): PodState {
  if (phase === 'Terminating') return 'terminating';
  if (available) return 'available';
  const begins = phase === 'Pending' && restarts === 0;
  return begins || ready ? 'starting' : 'failing';
}

function imageOf(set: KubeObject | undefined): string {
  const { spec } = (set ?? {}) as { readonly spec?: unknown };
  const template = isObject(spec) && isObject(spec['template']) ? spec['template'] : {};
  const pod = isObject(template['spec']) ? template['spec'] : {};
  const [container] = isList(pod['containers']) ? pod['containers'] : [];
  const image = isObject(container) && typeof container['image'] === 'string' ? container['image'] : '';
  return image.slice(image.lastIndexOf('/') + 1);
}
