import { describe, expect, it } from 'vitest';
import { type Age, type Cluster, HASH, observed } from '../../test/rollouts/observed.js';
import { allOf, analyzesFirstDeployment, canBeRejected, identify, isLost, isRunning } from './revisions.js';

const CANARY = { canary: {} };
const ROUTED = { canary: { trafficRouting: { smi: {} } } };
const PREVIEW = { prePromotionAnalysis: { templates: [{ templateName: 'errors' }] } };
const ANALYZED = { analysis: { onFirstDeployment: true } };
const LOST = { lost: true, stableRevision: undefined };

const nameOf = (hash: string | undefined) => Object.entries(HASH).find(([, known]) => known === hash)?.[0] ?? hash;
const identified = (cluster: Partial<Cluster>) => identify(observed({ strategy: CANARY, ...cluster }));

describe('the stable revision', () => {
  it.each<[string, Partial<Cluster>, Age | undefined]>([
    ['is the one in status', { pods: { old: [1, 0], new: [9, 9] } }, 'old'],
    ['is none before the first promotion', { memory: { stableRevision: undefined }, pods: { new: [4, 4] } }, undefined],
    [
      'is the one with the most available pods if status is lost',
      { memory: LOST, pods: { old: [4, 4], new: [5, 3] } },
      'old',
    ],
    ['is the newer one if it has more', { memory: LOST, pods: { old: [4, 3], new: [4, 4] } }, 'new'],
    [
      'is the older one on a tie',
      { memory: LOST, pods: { old: [4, 4], new: [4, 4] }, records: { old: 1, new: 2 } },
      'old',
    ],
    ['is none if no pod is available', { memory: LOST, pods: { old: [4, 0], new: [4, 0] } }, undefined],
    [
      'is the one that the stable Service selects, whatever the pods are',
      { memory: LOST, strategy: ROUTED, selects: { 'my-app-stable': 'old' }, pods: { old: [1, 0], new: [4, 4] } },
      'old',
    ],
    [
      'is not the one of the stable Service without traffic routing',
      { memory: LOST, selects: { 'my-app-stable': 'old' }, pods: { old: [1, 1], new: [4, 4] } },
      'new',
    ],
    [
      'is not the one of the canary Service',
      { memory: LOST, strategy: ROUTED, selects: { 'my-app-canary': 'old' }, pods: { old: [1, 1], new: [4, 4] } },
      'new',
    ],
    [
      'is the one that the active Service selects',
      {
        memory: LOST,
        strategy: { blueGreen: {} },
        selects: { 'my-app-active': 'old' },
        pods: { old: [1, 0], new: [4, 4] },
      },
      'old',
    ],
    [
      'of a rolling update has no Service',
      {
        memory: LOST,
        strategy: { rollingUpdate: {} },
        selects: { 'my-app': 'old' },
        pods: { old: [1, 1], new: [4, 4] },
      },
      'new',
    ],
    [
      'is the one with pods if the Service selects a revision that is gone',
      { memory: LOST, strategy: ROUTED, selects: { 'my-app-stable': 'older' }, pods: { new: [4, 4] } },
      'new',
    ],
  ])('%s', (_, cluster, stable) => {
    expect(nameOf(identified(cluster).stable?.hash)).toBe(stable);
  });

  it('stays the one in status when nothing of it is left, and is lost', () => {
    const { stable } = identified({ pods: { new: [4, 4] } });
    expect(stable).toEqual({ hash: HASH.old, number: 0, created: Number.POSITIVE_INFINITY, roles: [] });
    expect(stable && isLost(stable)).toBe(true);
  });
});

describe('before its first promotion, an analyzed blue-green deployment has no stable revision, although status is lost', () => {
  const first: Partial<Cluster> = {
    memory: LOST,
    strategy: { ...ANALYZED, blueGreen: PREVIEW },
    pods: { new: [4, 4] },
  };

  it.each<[string, Partial<Cluster>, Age | undefined]>([
    ['if there is no active Service', {}, undefined],
    ['but with an active Service one was promoted', { selects: { 'my-app-active': 'new' } }, 'new'],
    ['but with a second revision one was promoted', { pods: { old: [1, 1], new: [4, 4] } }, 'new'],
    ['but without the analysis it is promoted at once', { strategy: { ...ANALYZED, blueGreen: {} } }, 'new'],
    ['but not if first deployments are not analyzed', { strategy: { blueGreen: PREVIEW } }, 'new'],
    ['but not with another strategy', { strategy: { ...ANALYZED, ...CANARY } }, 'new'],
  ])('%s', (_, cluster, stable) => {
    expect(nameOf(identified({ ...first, ...cluster }).stable?.hash)).toBe(stable);
  });
});

describe('the other revisions', () => {
  it('are those with ReplicaSets, newest first', () => {
    const memory = { stableRevision: HASH.new };
    const { others, updated } = identified({
      memory,
      pods: { older: [0, 0], old: [1, 1] },
      records: { older: 1, old: 2 },
    });
    expect(others.map(({ hash }) => nameOf(hash))).toEqual(['old', 'older']);
    expect(updated.hash).toBe(HASH.new);
  });

  it('are neither stable nor updated, nor mere records', () => {
    const cluster = { pods: { old: [4, 4], new: [1, 1] }, records: { older: 1, old: 2, new: 3 } } as const;
    expect(identified(cluster).others).toEqual([]);
  });

  it('a target that was not observed is an internal error', () => {
    const observation = { ...observed({ strategy: CANARY }), target: 'abc' };
    expect(() => identify(observation)).toThrow('the revision abc of the current template was not observed');
  });
});

describe('a rollout', () => {
  const midway = identified({ pods: { older: [1, 1], old: [4, 4], new: [1, 1] } });
  const idle = { ...midway, stable: midway.updated };
  const first = { ...midway, stable: undefined };

  it('is in progress if another revision than the stable one is deployed', () => {
    expect([midway, idle, first].map(isRunning)).toEqual([true, false, false]);
  });

  it('has all revisions, each once', () => {
    const names = [midway, idle, first].map(revisions => allOf(revisions).map(({ hash }) => nameOf(hash)));
    expect(names).toEqual([
      ['older', 'new', 'old'],
      ['older', 'new'],
      ['older', 'new'],
    ]);
  });

  it.each<[string, typeof midway, boolean, boolean, boolean]>([
    ['in progress', midway, false, false, true],
    ['in progress, although first deployments are analyzed', midway, true, false, true],
    ['that is complete', idle, true, false, false],
    ['of a first deployment', first, false, false, false],
    ['of an analyzed first deployment', first, true, true, true],
  ])('%s', (_, revisions, onFirstDeployment, analyzed, rejectable) => {
    const observation = observed({ strategy: { ...CANARY, analysis: { onFirstDeployment } } });
    expect(analyzesFirstDeployment(observation, revisions)).toBe(analyzed);
    expect(canBeRejected(observation, revisions)).toBe(rejectable);
  });
});

it('a revision is lost if it has neither a record nor a ReplicaSet', () => {
  const [old] = observed({ strategy: CANARY, pods: { old: [4, 4] } }).revisions;
  const { template: _, ...podsOnly } = old!;
  const without = podsOnly.roles.map(({ replicaSet: _, ...role }) => role);
  expect(isLost(podsOnly)).toBe(false);
  expect(isLost({ ...podsOnly, roles: without })).toBe(true);
  expect(isLost({ ...podsOnly, roles: [...podsOnly.roles, ...without] })).toBe(false);
  expect(isLost({ ...podsOnly, roles: without, template: {} })).toBe(false);
});
