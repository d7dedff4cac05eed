import { describe, expect, it } from 'vitest';
import type { Revision } from '../observe/revisions.js';
import { keepHistory } from './history.js';

function revision(number: number, pods = 0): Revision {
  const role = { role: '', perSet: 1, upgradeOrder: 0, spec: pods, replicas: pods, ready: pods, available: pods };
  return { hash: `r${number}`, number, created: number, roles: [role] };
}

const OLD = [1, 2, 3, 4, 5].map(number => revision(number));

describe('keepHistory', () => {
  it.each<[string, readonly Revision[], readonly string[], number, readonly number[]]>([
    ['keeps the newest of those that are not in use', OLD, ['r5'], 2, [3, 4, 5]],
    ['keeps none but what is in use', OLD, ['r5'], 0, [5]],
    ['keeps all of few', OLD, ['r5'], 10, [1, 2, 3, 4, 5]],
    ['does not count what is in use', OLD, ['r1', 'r2'], 1, [1, 2, 5]],
    ['does not count what has pods, and never drops it', [revision(0, 2), ...OLD], ['r5'], 1, [0, 4, 5]],
  ])('%s', (_, revisions, inUse, limit, kept) => {
    expect(keepHistory(revisions, new Set(inUse), limit).map(({ number }) => number)).toEqual(kept);
  });

  it('keeps a revision whose pods are still ending', () => {
    const ending = { ...revision(1), roles: [{ ...revision(1).roles[0]!, replicas: 1 }] };
    expect(keepHistory([ending, revision(2)], new Set(['r2']), 0)).toHaveLength(2);
  });
});
