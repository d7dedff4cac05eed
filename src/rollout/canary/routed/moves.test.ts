import { describe, expect, it } from 'vitest';
import type { Raw } from '../../../../test/api/specs.js';
import { type Cluster, HASH, routedCluster, routedContext, T } from '../../../../test/rollouts/observed.js';
import type { CanaryArrival } from '../../steps/advance.js';
import type { Wait } from '../../wait.js';
import { nextMove, routerWait, stableWait, stepWait } from './moves.js';
import type { RoutedContext } from './routedContext.js';

const HEADER_STEP = { setHeaderRoute: { name: 'testers', match: [{ headerName: 'x', headerValue: { exact: 'y' } }] } };
/** Half of the traffic, a gate, all of it. */
const STEPS = [{ setWeight: 50 }, { pause: {} }, { setWeight: 75 }];
const HASH_OLD = HASH.old;
const ABORT = { reason: 'AnalysisFailed', message: 'errors 7 %', at: '2026-01-01T00:00:00Z' } as const;
const WATCHED = { kind: 'HTTPRoute', component: 'gateway-api' };
const NOT_SETTLED: Partial<Cluster> = { routeSince: T };
const FIRST: Partial<Cluster> = { memory: { stableRevision: undefined } };

type Routes = Partial<RoutedContext['routes']>;
interface Given {
  readonly weight?: number;
  readonly steps?: readonly unknown[];
  readonly canary?: Raw;
  readonly cluster?: Partial<Cluster>;
  readonly routes?: Routes;
  readonly other?: Partial<RoutedContext>;
}

/** The weight of the first step is in effect, and all pods are available. */
function context({ weight = 50, steps = STEPS, canary = {}, cluster = {}, routes = {}, other = {} }: Given = {}) {
  const given = routedContext(routedCluster(weight, { steps, ...canary }, cluster));
  const approved = { ...given, held: false as const, stop: undefined, ...other };
  return { ...approved, routes: { ...given.routes, ...routes } };
}

const pods = (updated: number, stable = 4): Partial<Cluster> => ({ pods: { old: [4, stable], new: [4, updated] } });
const lacking = (who: string, available: number, wanted: number): Wait => ({
  reason: 'WaitingForPods',
  who,
  available,
  wanted,
});
const forRoute = (observed: number | undefined, wanted: number): Wait => ({
  reason: 'WaitingForRoute',
  observed,
  wanted,
});

describe('a step', () => {
  const managed = ['testers'];
  const withHeader = [HEADER_STEP, { setWeight: 50 }];

  it.each<[string, Given, number, Wait | undefined]>([
    ['is done', {}, 0, undefined],
    ['waits for its pods', { cluster: pods(1) }, 0, lacking('canary', 1, 2)],
    [
      'waits for its pods first, even if the weight differs',
      { weight: 25, cluster: pods(1) },
      0,
      lacking('canary', 1, 2),
    ],
    ['does not wait for pods that it does not need', { cluster: pods(2) }, 0, undefined],
    ['waits for its weight', { weight: 49 }, 0, forRoute(49, 50)],
    ['waits for a higher weight to be reduced', { weight: 51 }, 0, forRoute(51, 50)],
    ['waits until the routes agree', { routes: { agreed: false } }, 0, forRoute(undefined, 50)],
    ['waits until the canary Service selects it', { routes: { canary: [HASH_OLD] } }, 0, forRoute(50, 50)],
    [
      'waits until its weight is in effect',
      { cluster: NOT_SETTLED },
      0,
      { reason: 'WaitingForRouteToSettle', until: T + 2000 },
    ],
    ['waits for its header route', { steps: withHeader }, 1, forRoute(50, 50)],
    ['with its header route is done', { steps: withHeader, routes: { managed } }, 1, undefined],
    ['waits for the removal of a header route', { routes: { managed } }, 0, forRoute(50, 50)],
    ['waits for its own header route', { steps: withHeader, routes: { managed: ['other'] } }, 1, forRoute(50, 50)],
    ['of a weight that is not reached yet waits for it', {}, 2, forRoute(50, 75)],
  ])('%s', (_, given, step, wait) => {
    expect(stepWait(context(given), step)).toEqual(wait);
  });
});

describe('the next move', () => {
  const at = (due: number, step = due): CanaryArrival => ({ step, due });
  const held = { held: 'annotation' } as const;
  const stop: Wait = { reason: 'AnalysisNotReady', message: 'no template' };
  const paused: Wait = { reason: 'RolloutPaused', by: 'annotation' };
  const refused: Wait = { reason: 'RouteRefused', message: 'no rule' };

  it.each<[string, Given, CanaryArrival, number, Wait | undefined]>([
    ['is to the weight of the step', { weight: 0 }, at(0), 50, forRoute(0, 50)],
    ['is none if the weight is there', {}, at(0), 50, undefined],
    ['is to the weight of the step that is due', {}, at(0, 2), 50, undefined],
    ['is to the next weight', {}, at(2), 75, forRoute(50, 75)],
    ['waits for the pods of the next weight', { cluster: pods(2) }, at(2), 50, lacking('canary', 2, 3)],
    ['does not wait for more pods', { cluster: pods(3) }, at(2), 75, forRoute(50, 75)],
    ['waits for the pods of stable', { cluster: pods(4, 1) }, at(2), 50, lacking('stable', 1, 2)],
    ['waits for no more pods of stable than its current share', { cluster: pods(4, 2) }, at(2), 75, forRoute(50, 75)],
    ['waits under a hold', { other: held }, at(2), 50, paused],
    ['waits under a hold, before anything else', { other: { ...held, stop }, cluster: pods(1) }, at(2), 50, paused],
    ['waits while the steps are stopped', { other: { stop }, routes: { refused: 'no rule' } }, at(2), 50, stop],
    ['waits for the router', { routes: { refused: 'no rule' }, cluster: pods(1) }, at(2), 50, refused],
    ['reduces the weight under a hold', { weight: 75, other: held }, at(0), 50, forRoute(75, 50)],
    [
      'does not reduce the weight below what stable can carry',
      { weight: 75, cluster: pods(4, 1) },
      at(0),
      75,
      forRoute(75, 50),
    ],
    ['reduces it as far as stable can carry', { weight: 100, cluster: pods(4, 1) }, at(0), 75, forRoute(100, 50)],
  ])('%s', (_, given, arrival, weight, wait) => {
    const move = nextMove(context(given), arrival);
    expect({ weight: move.weight, wait: move.wait }).toEqual({ weight, wait });
  });

  it('takes the pods that the weight needs, even if a canary scale asks for fewer', () => {
    const steps = [{ setWeight: 50 }, { setCanaryScale: { replicas: 1 } }, { setWeight: 75 }];
    const given = (updated: number) => nextMove(context({ steps, cluster: pods(updated) }), at(2)).wait;
    expect([given(0), given(1)]).toEqual([lacking('canary', 0, 1), forRoute(50, 75)]);
  });

  it('is a rollback after an abort, or under another configuration', () => {
    const position = { step: 0, promoteFull: false, isNew: false };
    const goesBack = (other: Partial<RoutedContext>) => nextMove(context({ other: { position, ...other } }), at(0));
    for (const other of [{ reverting: true }, { position: { ...position, abort: ABORT } }]) {
      expect(goesBack(other)).toMatchObject({ weight: 0, towards: 0, wait: forRoute(50, 0) });
    }
    expect(goesBack({})).not.toHaveProperty('wait');
  });

  it('brings an idle StormService back to stable', () => {
    const memory = { stableRevision: HASH.new };
    const move = nextMove(context({ cluster: { memory } }), at(3));
    expect(move).toMatchObject({ stable: HASH.new, wait: { reason: 'WaitingForService', revision: HASH.new } });
  });

  it('promotes once the steps are done and all traffic has arrived', () => {
    const wait = { reason: 'WaitingForService', service: 'my-app-stable', revision: HASH.new };
    const done = (given: Given, arrival: CanaryArrival) => nextMove(context({ weight: 100, ...given }), arrival);
    expect(done({}, at(3))).toMatchObject({ stable: HASH.new, weight: 100, wait });
    expect(done({ other: held }, at(3))).toEqual({
      stable: 'as observed',
      canary: 'as observed',
      weight: 100,
      towards: 100,
      managed: [],
    });
  });

  it('waits for the stable Service while status does not say yet that the steps are done', () => {
    const wait = { reason: 'WaitingForService', service: 'my-app-stable', revision: HASH.new };
    expect(nextMove(context(), at(1, 3))).toMatchObject({ stable: 'as observed', weight: 50, wait });
    expect(nextMove(context(), at(1, 2))).not.toHaveProperty('wait');
  });

  it('does not wait for stable pods once all stable destinations select the updated revision', () => {
    const routes = { stable: [HASH.new, HASH.new] };
    const move = (other: Routes) =>
      nextMove(context({ weight: 0, cluster: { pods: { new: [4, 4] } }, routes: other }), at(3));
    expect(move(routes)).toMatchObject({ weight: 0, done: true });
  });
});

describe('a first deployment', () => {
  const first = (cluster: Partial<Cluster>, routes: Routes) =>
    nextMove(context({ cluster: { ...FIRST, ...cluster }, routes }), { step: 3, due: 3 });
  const free = [undefined, HASH.new];

  it.each<[string, Partial<Cluster>, Routes, object]>([
    ['is done with its pods', {}, { stable: free }, { stable: HASH.new, canary: HASH.new, done: true }],
    [
      'selects it before its pods are there: nobody is served yet',
      pods(3),
      { stable: free },
      { stable: HASH.new, canary: HASH.new, wait: lacking('pods', 3, 4) },
    ],
    [
      'leaves Services that select other pods until its own can carry the traffic',
      pods(3),
      { stable: [HASH.new, '*'] },
      { stable: 'as observed', canary: 'as observed', wait: lacking('pods', 3, 4) },
    ],
    ['takes them over then', {}, { stable: [HASH.new, '*'] }, { stable: HASH.new, canary: HASH.new, done: true }],
  ])('%s', (_, cluster, routes, expected) => {
    expect(first(cluster, routes)).toEqual({ weight: 0, towards: 0, managed: [], ...expected });
  });
});

it('a router that cannot work has a wait: of several reasons, that its kind is not watched', () => {
  const wait = (routes: Routes) => routerWait(context({ routes }));
  expect(wait({})).toBeUndefined();
  expect(wait({ refused: 'no rule' })).toEqual({ reason: 'RouteRefused', message: 'no rule' });
  expect(wait({ refused: 'no rule', unwatched: [WATCHED] })).toEqual({ reason: 'RouterNotWatched', ...WATCHED });
});

describe('stable', () => {
  const position = { step: 0, promoteFull: false, isNew: false };
  const idle = (updated: number) => ({ ...pods(updated), memory: { stableRevision: HASH.new } });

  it.each<[string, Given, Wait | undefined]>([
    ['is not awaited during a rollout', { cluster: pods(4, 1) }, undefined],
    ['is awaited in a rollback', { cluster: pods(4, 3), other: { reverting: true } }, lacking('stable', 3, 4)],
    [
      'is awaited after an abort',
      { cluster: pods(4, 3), other: { position: { ...position, abort: ABORT } } },
      lacking('stable', 3, 4),
    ],
    ['is not awaited once it is complete', { cluster: pods(4, 4), other: { reverting: true } }, undefined],
    ['is awaited without a rollout', { cluster: idle(3) }, lacking('pods', 3, 4)],
    ['is complete without a rollout', { cluster: idle(4) }, undefined],
  ])('%s', (_, given, wait) => {
    expect(stableWait(context(given))).toEqual(wait);
  });
});
