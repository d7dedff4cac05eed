import { describe, expect, it } from 'vitest';
import { type ObservedStatus, readStatus } from '../status/status.js';
import { countPods, updatedBefore } from './counts.js';
import type { Revision, RolePods } from './revisions.js';

/** Pods of a role: how many exist, are ready and are available. */
function role(perSet: number, replicas: number, ready: number, available: number): RolePods {
  return { role: `of ${perSet}`, perSet, upgradeOrder: 0, spec: 9, replicas, ready, available };
}

function revision(hash: string, ...roles: readonly RolePods[]): Revision {
  return { hash, number: 1, created: 0, roles };
}

describe('countPods', () => {
  it.each<[string, readonly Revision[], readonly [number, number, number, number]]>([
    ['no revisions', [], [0, 0, 0, 0]],
    ['a revision without roles', [revision('new')], [0, 0, 0, 0]],
    ['pods of the updated revision', [revision('new', role(1, 5, 4, 3))], [5, 4, 3, 5]],
    ['pods of an earlier revision', [revision('old', role(1, 5, 4, 3))], [5, 4, 3, 0]],
    ['pods of both', [revision('old', role(1, 5, 4, 3)), revision('new', role(1, 3, 2, 1))], [8, 6, 4, 3]],
    [
      'role sets of several pods: started ones exist, whole ones are ready',
      [revision('new', role(3, 7, 5, 3))],
      [3, 1, 1, 3],
    ],
    ['the most pods exist, the fewest are ready', [revision('new', role(1, 2, 2, 1), role(2, 8, 6, 6))], [4, 2, 1, 4]],
    ['a role of size 0 does not count', [revision('new', role(1, 3, 2, 1), role(0, 9, 0, 0))], [3, 2, 1, 3]],
    ['only roles of size 0', [revision('new', role(0, 9, 9, 9))], [0, 0, 0, 0]],
  ])('%s', (_, revisions, [replicas, readyReplicas, availableReplicas, updatedReplicas]) => {
    expect(countPods({ revisions, target: 'new' })).toStrictEqual({
      replicas,
      readyReplicas,
      availableReplicas,
      updatedReplicas,
    });
  });
});

describe('updatedBefore', () => {
  const memory: ObservedStatus = {
    ...readStatus({ replicas: 1, readyReplicas: 2, availableReplicas: 3, updatedReplicas: 4 }),
    updatedRevision: 'new',
  };

  it('is the count in status, if it is of the current template', () => {
    expect(updatedBefore({ memory, target: 'new' })).toBe(4);
    expect(updatedBefore({ memory, target: 'other' })).toBe(0);
  });
});
