import { describe, expect, it } from 'vitest';
import { ROLE, SPEC } from '../../test/observed.js';
import type { KubeObject } from '../metacontroller/object.js';
import { hash } from '../schema/hash.js';
import { observeRevisions, type RolePods } from './revisions.js';

const ROLE_LABEL = 'orchestration.aibrix.io/role';
const PODS_PER_SET = 'orchestration.aibrix.io/pods-per-role-set';
const TARGET = hash(SPEC.template);

interface Observed {
  readonly hash?: string;
  readonly name?: string;
  readonly role?: string;
  readonly perSet?: string;
  readonly spec?: object;
  readonly status?: object;
}

function replicaSet({ hash = 'old', name = 'set', role, perSet, spec = {}, status = {} }: Observed): KubeObject {
  const labels = { 'orchestration.aibrix.io/revision': hash, ...(role !== undefined && { [ROLE_LABEL]: role }) };
  const annotations = perSet === undefined ? {} : { annotations: { [PODS_PER_SET]: perSet } };
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name, labels, ...annotations }, spec, status };
}

/** The roles of a revision, without their ReplicaSets. */
function rolesOf(
  hash: string,
  sets: readonly KubeObject[],
  roles = SPEC.roles,
): readonly Omit<RolePods, 'replicaSet'>[] {
  const children = { 'ReplicaSet.apps/v1': Object.fromEntries(sets.map(set => [set.metadata.name, set])) };
  const revision = observeRevisions({ ...SPEC, roles }, children).find(each => each.hash === hash);
  return revision?.roles.map(({ replicaSet: _, ...pods }) => pods) ?? [];
}

const ALONE = { role: '', perSet: 1, upgradeOrder: 0, spec: 1, replicas: 0, ready: 0, available: 0 };

describe('the counts of a ReplicaSet', () => {
  it.each<[string, Observed, Partial<RolePods>]>([
    ['default to 1 desired pod, none of them observed', {}, { spec: 1, replicas: 0, ready: 0, available: 0 }],
    [
      'are those of its spec and status',
      { spec: { replicas: 9 }, status: { replicas: 8, readyReplicas: 7, availableReplicas: 6 } },
      { spec: 9, replicas: 8, ready: 7, available: 6 },
    ],
    [
      'have no more available pods than desired ones',
      { spec: { replicas: 2 }, status: { replicas: 5, readyReplicas: 5, availableReplicas: 5 } },
      { spec: 2, replicas: 5, ready: 5, available: 2 },
    ],
    ['may be 0', { spec: { replicas: 0 }, status: { replicas: 0 } }, { spec: 0, replicas: 0 }],
    ['are never negative', { spec: { replicas: -1 }, status: { replicas: -1 } }, { spec: 1, replicas: 0 }],
    ['are numbers', { spec: { replicas: '3' }, status: { replicas: '3' } }, { spec: 1, replicas: 0 }],
  ])('%s', (_, set, expected) => {
    expect(rolesOf('old', [replicaSet(set)])).toStrictEqual([{ ...ALONE, ...expected }]);
  });

  it('default in the same way without spec and status', () => {
    const { spec: _, status: __, ...bare } = replicaSet({});
    expect(rolesOf('old', [bare])).toStrictEqual([ALONE]);
  });
});

describe('the pods in one role set, without a template', () => {
  it.each<[string | undefined, number]>([
    ['3', 3],
    ['1', 1],
    ['0', 1],
    ['-2', 1],
    ['1.5', 1],
    ['many', 1],
    [undefined, 1],
  ])('an annotation %s means %i', (perSet, expected) => {
    const set = replicaSet(perSet === undefined ? {} : { perSet });
    expect(rolesOf('old', [set])).toStrictEqual([{ ...ALONE, perSet: expected }]);
  });

  it('other annotations do not count', () => {
    const set = replicaSet({});
    const metadata = { ...set.metadata, annotations: { team: '3' } };
    expect(rolesOf('old', [{ ...set, metadata }])).toStrictEqual([ALONE]);
  });
});

describe('roles and ReplicaSets', () => {
  const decode = { ...ROLE, name: 'decode', pods: 2, upgradeOrder: 1 };
  const prefill = { ...ROLE, name: 'prefill', pods: 1, upgradeOrder: 2 };
  const set = (role: string, replicas: number) =>
    replicaSet({ hash: TARGET, name: `set-${role}`, role, spec: { replicas }, perSet: '7' });

  it('a ReplicaSet belongs to the role in its label, and its template says how many pods are in a role set', () => {
    expect(rolesOf(TARGET, [set('decode', 4), set('prefill', 3)], [prefill, decode])).toStrictEqual([
      { ...ALONE, role: 'prefill', perSet: 1, upgradeOrder: 2, spec: 3 },
      { ...ALONE, role: 'decode', perSet: 2, upgradeOrder: 1, spec: 4 },
    ]);
  });

  it('a role without a ReplicaSet has no pods', () => {
    expect(rolesOf(TARGET, [set('decode', 4)], [prefill, decode])).toMatchObject([
      { role: 'prefill', spec: 0 },
      { role: 'decode', spec: 4 },
    ]);
  });

  it('a ReplicaSet without a role in the template comes last, in upgrade order 0', () => {
    expect(rolesOf(TARGET, [set('a', 5), set('decode', 4)], [decode])).toStrictEqual([
      { ...ALONE, role: 'decode', perSet: 2, upgradeOrder: 1, spec: 4 },
      { ...ALONE, role: 'a', perSet: 7, upgradeOrder: 0, spec: 5 },
    ]);
  });

  it('a ReplicaSet of another revision does not count', () => {
    expect(rolesOf(TARGET, [replicaSet({ hash: 'old' })])).toStrictEqual([{ ...ALONE, spec: 0 }]);
  });

  it('a revision without a template has the roles of its ReplicaSets', () => {
    const sets = [replicaSet({ name: 'a', role: 'prefill' }), replicaSet({ name: 'b', role: 'decode', perSet: '2' })];
    expect(rolesOf('old', sets)).toStrictEqual([
      { ...ALONE, role: 'prefill' },
      { ...ALONE, role: 'decode', perSet: 2 },
    ]);
  });
});
