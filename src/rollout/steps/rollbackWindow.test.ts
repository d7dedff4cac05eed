import { describe, expect, it } from 'vitest';
import { type Cluster, decided, HASH, T } from '../../../test/rollouts/observed.js';
import { isInRollbackWindow, isInsideDelay } from './rollbackWindow.js';

const CLUSTER: Cluster = { strategy: { canary: {} }, pods: { old: [4, 4], new: [4, 4] } };

describe('the rollback window', () => {
  it.each<[string, Partial<Cluster>, number, boolean]>([
    ['has the revision before stable', { records: { old: 5, new: 4 } }, 1, true],
    ['has the last of its revisions', { records: { old: 5, new: 2 } }, 3, true],
    ['does not have the one before', { records: { old: 5, new: 1 } }, 3, false],
    ['of none has none', { records: { old: 5, new: 4 } }, 0, false],
    ['does not have a newer revision', { records: { old: 5, new: 6 } }, 3, false],
    ['does not have a revision with the same number', { records: { old: 5, new: 5 } }, 3, false],
    ['does not have a revision without a record', { records: { old: 5 } }, 1000, false],
    ['is none if no rollout is in progress', { memory: { stableRevision: HASH.new }, records: { new: 5 } }, 3, false],
    ['is none without a stable revision', { memory: { stableRevision: undefined }, records: { new: 5 } }, 3, false],
  ])('%s', (_, cluster, window, expected) => {
    expect(isInRollbackWindow(decided({ ...CLUSTER, ...cluster }).revisions, window)).toBe(expected);
  });
});

describe('the scale-down delay', () => {
  const delay = (seconds: number, wasStable = true) => ({
    memory: { scaleDownAt: new Map([[HASH.new, { at: T + seconds * 1000, wasStable }]]) },
  });

  it.each<[string, Partial<Cluster>, boolean]>([
    ['of a former stable revision', delay(1), true],
    ['that is over', delay(0), false],
    ['of a revision that was not stable', delay(1, false), false],
    ['of no revision', {}, false],
    ['of a revision without available pods', { ...delay(1), pods: { old: [4, 4], new: [4, 0] } }, false],
    ['of a revision with one available pod', { ...delay(1), pods: { old: [4, 4], new: [4, 1] } }, true],
  ])('%s: %s', (_, cluster, expected) => {
    expect(isInsideDelay(decided({ ...CLUSTER, ...cluster }))).toBe(expected);
  });
});
