import { describe, expect, it } from 'vitest';
import { BEFORE, type Cluster, HASH, routedCluster, routedContext, T } from '../../../../test/rollouts/observed.js';
import { isReachable, type RoutedContext } from './routedContext.js';

const STEPS = { steps: [{ setWeight: 25 }, { pause: {} }] };
const route = (name: string) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name, namespace: 'default' },
});

describe('the context of a routed canary', () => {
  it('has the scale of the spec', () => {
    const routing = { trafficRouting: { smi: {}, maxTrafficWeight: 1000 }, minPodsPerReplicaSet: 2 };
    expect(routedContext(routedCluster(0, { ...STEPS, ...routing })).scale).toEqual({
      r: 4,
      maxWeight: 1000,
      minPods: 2,
    });
    expect(routedContext(routedCluster(0, STEPS, { replicas: 7 })).scale).toEqual({ r: 7, maxWeight: 100, minPods: 1 });
  });

  it('has the observed routes', () => {
    expect(routedContext(routedCluster(25, STEPS)).routes).toMatchObject({
      stable: [HASH.old, HASH.old],
      canary: [HASH.new],
      weight: 25,
      agreed: true,
    });
  });

  it.each<[string, Partial<Cluster>, string]>([
    ['stable serves', {}, HASH.old],
    ['the first revision serves if there is no stable one', { memory: { stableRevision: undefined } }, HASH.new],
  ])('%s', (_, cluster, hash) => {
    expect(routedContext(routedCluster(0, STEPS, cluster)).serving.hash).toBe(hash);
  });

  it.each<[string, number, boolean]>([
    ['is in effect after settleSeconds', T - 2000, true],
    ['is not in effect before', T - 1999, false],
  ])('the route %s', (_, routeSince, inEffect) => {
    expect(routedContext(routedCluster(25, STEPS, { routeSince })).settled).toMatchObject({
      inEffect,
      at: routeSince + 2000,
      seen: { since: routeSince },
    });
  });

  it.each<[string, Partial<Cluster>, boolean]>([
    ['of this configuration are not foreign', {}, false],
    ['that it does not create are foreign', { others: [route('other')] }, true],
    ['of its own name are its own', { others: [route('my-app')], route: { weight: 0 } }, false],
  ])('route objects %s', (_, cluster, foreign) => {
    expect(routedContext(routedCluster(25, STEPS, cluster)).foreign).toBe(foreign);
  });
});

describe('a revision', () => {
  const context = routedContext(routedCluster(0, STEPS, { routeSince: BEFORE }));
  const reachable = (age: 'older' | 'old' | 'new', other: Partial<RoutedContext>, routes = {}) =>
    isReachable(
      { ...context, ...other, routes: { ...context.routes, ...routes } },
      { ...context.serving, hash: HASH[age] },
    );

  it.each<[string, 'older' | 'old' | 'new', Partial<RoutedContext>, Partial<RoutedContext['routes']>, boolean]>([
    ['that stable selects is reachable', 'old', {}, {}, true],
    ['that one of the stable destinations selects is reachable', 'new', {}, { stable: [HASH.old, HASH.new] }, true],
    ['that canary selects without a weight is not', 'new', {}, {}, false],
    ['that canary selects with a weight is', 'new', {}, { weight: 1 }, true],
    ['that canary selects with a header route is', 'new', {}, { managed: ['testers'] }, true],
    ['that nothing selects is not', 'older', {}, {}, false],
    ['that nothing selects is not, whatever the weight', 'older', {}, { weight: 50, managed: ['testers'] }, false],
    [
      'may be reachable until the routes are in effect',
      'older',
      { settled: { ...context.settled, inEffect: false } },
      {},
      true,
    ],
    ['may be reachable by foreign routes', 'older', { foreign: true }, {}, true],
  ])('%s', (_, age, other, routes, expected) => {
    expect(reachable(age, other, routes)).toBe(expected);
  });
});
