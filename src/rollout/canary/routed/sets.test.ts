/** Role sets of both revisions of a canary with traffic routing. */
import { describe, expect, it } from 'vitest';
import type { Raw } from '../../../../test/api/specs.js';
import { type Cluster, HASH, routedCluster, routedContext, T } from '../../../../test/rollouts/observed.js';
import { stableSets, updatedSets } from './replicas.js';
import type { RoutedContext } from './routedContext.js';
import type { TrafficMove } from './transition.js';

/** Weight 50 has arrived on 4 replicas; next is the second step. */
const STEPS = { steps: [{ setWeight: 50 }, { pause: {} }] };
const ABORT = { reason: 'AnalysisFailed', message: 'errors 7 %', at: '2026-01-01T00:00:00Z' } as const;
const NOT_SETTLED = { routeSince: T };
const idle: Partial<Cluster> = { memory: { stableRevision: HASH.new } };
const aborted: Partial<Cluster> = { memory: { abort: ABORT } };
type Routes = Partial<RoutedContext['routes']>;

describe('role sets of stable that follow the traffic', () => {
  function sets(cluster: Partial<Cluster>, canary: object, routes: Routes, towards: number): number {
    const given = routedContext(routedCluster(50, { dynamicStableScale: true, ...STEPS, ...canary }, cluster));
    const context = { ...given, routes: { ...given.routes, ...routes } };
    const move: TrafficMove = {
      stable: 'as observed',
      canary: 'as observed',
      weight: context.routes.weight,
      towards,
      managed: [],
    };
    return stableSets(context, move);
  }

  it.each<[string, Partial<Cluster>, object, Routes, number, number]>([
    ['are those for its share', {}, {}, {}, 50, 2],
    ['are those for its next share if that is larger', {}, {}, {}, 25, 3],
    ['are those for its current share if that is larger', {}, {}, {}, 75, 2],
    ['are one at least, for clients of the Service', {}, {}, { weight: 100 }, 100, 1],
    ['are none without replicas', { replicas: 0 }, {}, { weight: 100 }, 100, 0],
    ['are at least minPodsPerReplicaSet', {}, { minPodsPerReplicaSet: 3 }, {}, 50, 3],
    ['are no more than the replicas', {}, { minPodsPerReplicaSet: 9 }, {}, 50, 4],
    ['are not removed before the routes have settled', NOT_SETTLED, {}, {}, 50, 4],
    ['are not removed while the routes differ', {}, {}, { agreed: false }, 50, 4],
    ['are added before the routes have settled', { ...NOT_SETTLED, pods: { old: [1, 1], new: [4, 4] } }, {}, {}, 50, 2],
    ['are never more than the replicas', { ...NOT_SETTLED, pods: { old: [6, 6], new: [4, 4] } }, {}, {}, 50, 4],
    ['stay until their removal once all traffic has left', {}, {}, { stable: [HASH.new, HASH.new], weight: 100 }, 0, 4],
    [
      'stay, but not more than the replicas, once all traffic has left',
      { pods: { old: [6, 6], new: [4, 4] } },
      {},
      { stable: [HASH.new], weight: 100 },
      0,
      4,
    ],
    [
      'are not added once all traffic has left',
      { pods: { old: [1, 1], new: [4, 4] } },
      {},
      { stable: [HASH.new], weight: 0 },
      0,
      1,
    ],
    ['are all of them while one destination selects stable', {}, {}, { stable: [HASH.old, HASH.new], weight: 0 }, 0, 4],
    ['are all of them without dynamicStableScale', {}, { dynamicStableScale: false }, {}, 50, 4],
    ['are all of them if no rollout is in progress', idle, {}, {}, 50, 4],
    ['are all of them after an abort', aborted, {}, {}, 50, 4],
  ])('%s', (_, cluster, canary, routes, towards, expected) => {
    expect(sets(cluster, canary, routes, towards)).toBe(expected);
  });
});

describe('role sets of the updated revision', () => {
  const pods = (desired: number, available = desired): Partial<Cluster> => ({
    pods: { old: [4, 4], new: [desired, available] },
  });

  function sets(
    cluster: Partial<Cluster>,
    other: Partial<RoutedContext>,
    routes: Routes,
    due: number,
    steps: Raw = STEPS,
  ) {
    const given = routedContext(routedCluster(50, steps, { ...pods(2), ...cluster }));
    const context = { ...given, ...other, routes: { ...given.routes, ...routes } };
    return updatedSets(context, { step: due, due });
  }

  it.each<[string, Partial<Cluster>, Partial<RoutedContext>, Routes, number, number]>([
    ['are those of the step', pods(0), {}, {}, 0, 2],
    ['are all of them once the steps are done', {}, {}, {}, 2, 4],
    ['are all of them if no rollout is in progress', { ...idle, ...pods(2) }, {}, {}, 0, 4],
    ['scale down to those of the step', pods(4), {}, {}, 0, 2],
    ['scale down to those of the observed weight', pods(4), {}, { weight: 75 }, 0, 3],
    ['do not scale down before the routes have settled', { ...pods(4), ...NOT_SETTLED }, {}, {}, 0, 4],
    ['do not scale down while the routes differ', pods(4), {}, { agreed: false }, 0, 4],
    ['do not scale down while a stable destination selects it', pods(4), {}, { stable: [HASH.old, HASH.new] }, 0, 4],
    ['are no more than the replicas', pods(6), {}, { agreed: false }, 0, 4],
    ['do not scale up under a hold', pods(1), { held: 'annotation' }, {}, 0, 1],
    ['scale down under a hold', pods(4), { held: 'annotation' }, {}, 0, 2],
    ['scale up without a hold', pods(1), { held: false }, {}, 0, 2],
  ])('%s', (_, cluster, other, routes, due, expected) => {
    expect(sets(cluster, other, routes, due)).toBe(expected);
  });

  it('are repaired under a hold, up to those that status has', () => {
    const counts = (updatedReplicas: number) => ({
      memory: { counts: { replicas: 5, readyReplicas: 5, availableReplicas: 5, updatedReplicas } },
    });
    const repaired = (updated: number) => sets({ ...pods(0), ...counts(updated) }, { held: 'spec' }, {}, 0);
    expect([repaired(0), repaired(1), repaired(2), repaired(3)]).toEqual([0, 1, 2, 2]);
  });

  it('are one at least while a header route leads to it', () => {
    const steps = { steps: [{ pause: {} }, { setWeight: 50 }] };
    const routes = (managed: readonly string[]) => ({ weight: 0, managed });
    const left = (managed: readonly string[]) => sets({}, {}, routes(managed), 0, steps);
    expect([left(['testers']), left([])]).toEqual([1, 0]);
  });

  it('a canary scale applies to the weight of its step, not to a larger one from before', () => {
    const steps = { steps: [{ setCanaryScale: { replicas: 1 } }, { setWeight: 50 }, { pause: {} }] };
    const left = (weight: number) => sets(pods(4), {}, { weight }, 1, steps);
    expect([left(50), left(51), left(100)]).toEqual([1, 3, 4]);
  });
});
