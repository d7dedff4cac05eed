/** Route objects of a canary: managed routes, damage, refusal, another configuration. */
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { JsonObject } from '../../../src/schema/json.js';
import { annotate, conditionOf, rolloutOf, untilMessage, untilPhase, untilStep } from '../world.js';
import { approveAt, atForty, breakPods, routed, served, serving, untilWeight, weightOf } from './routedWorld.js';
import { GATEWAY, ISTIO, SMI } from './routers.js';

const VIRTUAL_SERVICE = 'VirtualService.networking.istio.io/v1';
const SPLIT = 'TrafficSplit.split.smi-spec.io/v1alpha1';

async function routeOf(sandbox: Sandbox): Promise<JsonObject> {
  return ((await sandbox.get(VIRTUAL_SERVICE, 'my-app'))?.['spec'] ?? {}) as JsonObject;
}

describe('routes', () => {
  const HEADER = {
    setHeaderRoute: { name: 'testers', match: [{ headerName: 'x-test', headerValue: { exact: 'yes' } }] },
  };
  const MIRROR = { setMirrorRoute: { name: 'shadow', percentage: 50, match: [{ path: { prefix: '/' } }] } };
  const managed = {
    router: ISTIO,
    routing: { managedRoutes: [{ name: 'testers' }, { name: 'shadow' }] },
    steps: [{ setCanaryScale: { replicas: 1 } }, HEADER, MIRROR, { pause: true }, { setWeight: 20 }, { pause: true }],
  };

  it('a header route alone has a pod to lead to', async () => {
    const { sandbox, promises, image } = await serving({ ...managed, steps: [HEADER, { pause: true }] });
    await image('app:2');
    await untilStep(sandbox, 1);
    const writes = sandbox.writes.total;
    await sandbox.advance(60);
    expect(sandbox.writes.total).toBe(writes);
    expect(await weightOf(sandbox)).toBe(0);
    expect(await served(sandbox, 'my-app-canary')).toEqual({ 'app:2': 1 });
    expect((await routeOf(sandbox))['http']).toHaveLength(2);
    expect(promises.broken).toEqual([]);
  });

  it('header and mirror routes reach pods that are there, and go with the promotion', async () => {
    const { sandbox, promises, image } = await serving(managed);
    await image('app:2');
    await untilStep(sandbox, 3);
    expect(await weightOf(sandbox)).toBe(0);
    expect((await routeOf(sandbox))['http']).toHaveLength(3);
    for (const gate of [3, 5]) await approveAt(sandbox, gate);
    await untilPhase(sandbox, 'Healthy');
    expect((await routeOf(sandbox))['http']).toHaveLength(1);
    expect(promises.broken).toEqual([]);
  });

  it.each([
    ['an abort', (sandbox: Sandbox) => annotate(sandbox, 'abort', 'true')],
    ['the death of all canary pods', (sandbox: Sandbox) => breakPods(sandbox, 'app:2')],
  ])('%s takes header and mirror routes away at once', async (_, happen) => {
    const { sandbox, promises, image } = await serving(managed);
    await image('app:2');
    await untilStep(sandbox, 3);
    await happen(sandbox);
    await sandbox.advance(1);
    expect((await routeOf(sandbox))['http']).toHaveLength(1);
    expect(promises.broken).toEqual([]);
  });

  it('a route that somebody deletes comes back as it was', async () => {
    const { sandbox, promises } = await atForty({ router: ISTIO });
    await sandbox.delete(VIRTUAL_SERVICE, 'my-app');
    await sandbox.advance(30);
    expect(await weightOf(sandbox)).toBe(40);
    expect(promises.broken).toEqual([]);
  });

  it('a weight that somebody raises is rolled back', async () => {
    const { sandbox, promises } = await atForty({ router: SMI });
    const split = sandbox.cluster.get(SPLIT, 'default/my-app');
    const spec = {
      ...(split?.['spec'] as JsonObject),
      backends: [
        { service: 'my-app-stable', weight: '0' },
        { service: 'my-app-canary', weight: '100' },
      ],
    };
    if (split) sandbox.cluster.update({ ...split, spec }, 'somebody');
    await sandbox.advance(1);
    expect(await weightOf(sandbox)).toBe(40);
    expect(promises.broken).toEqual([]);
  });

  it('a kind that is not watched: the condition names the component, and nothing moves', async () => {
    const { sandbox, image } = await routed({ router: ISTIO, kinds: [] });
    await sandbox.advance(30);
    await image('app:2');
    await sandbox.advance(60);
    expect(await conditionOf(sandbox, 'RoutingReady')).toMatchObject({ status: 'False', reason: 'RouterNotWatched' });
    expect((await rolloutOf(sandbox)).message).toMatch(/components\/istio/);
    expect(await served(sandbox, 'my-app')).toEqual({ 'app:1': 5 });
  });

  it('a refused HTTPRoute holds, and goes on once it is accepted', async () => {
    const { sandbox, promises, image } = await serving({ router: GATEWAY });
    const refuse = (status: string) => {
      const route = sandbox.cluster.get('HTTPRoute.gateway.networking.k8s.io/v1', 'default/my-app');
      const condition = { type: 'Accepted', status, reason: 'NoMatchingParent', message: 'no such listener' };
      if (route)
        sandbox.cluster.updateStatus({ ...route, status: { parents: [{ conditions: [condition] }] } }, 'gateway');
    };
    refuse('False');
    await image('app:2');
    await sandbox.advance(60);
    expect(await weightOf(sandbox)).toBe(0);
    expect(await conditionOf(sandbox, 'RoutingReady')).toMatchObject({ status: 'False', reason: 'RouteRefused' });
    expect((await rolloutOf(sandbox)).message).toMatch(/no such listener/);
    refuse('True');
    await untilWeight(sandbox, 20);
    expect(promises.broken).toEqual([]);
  });
});

describe('another configuration', () => {
  const both = [ISTIO, SMI].flatMap(({ kinds }) => kinds);

  it.each<[string, JsonObject, string]>([
    ['another router', { istio: null, smi: {} }, 'smi'],
    ['one more router', { smi: {} }, 'both'],
  ])('%s in the middle: first back to stable, then again from the start', async (_, routing) => {
    const { sandbox, promises } = await atForty({ kinds: both });
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: { trafficRouting: routing } } } });
    await untilMessage(sandbox, /rolling back to stable/);
    await untilStep(sandbox, 1);
    expect(await weightOf(sandbox)).toBe(20);
    expect((await sandbox.list(SPLIT)).length).toBe(1);
    for (const gate of [1, 3, 5]) await approveAt(sandbox, gate);
    await untilPhase(sandbox, 'Healthy');
    expect(promises.broken).toEqual([]);
  });

  it('another router while idle: no route is lost before the other is there', async () => {
    const { sandbox, promises } = await serving({ kinds: both });
    await sandbox.patch('my-app', {
      spec: { rolloutStrategy: { canary: { trafficRouting: { istio: null, smi: {} } } } },
    });
    await sandbox.advance(60);
    expect((await sandbox.list(SPLIT)).length).toBe(1);
    expect((await sandbox.list(VIRTUAL_SERVICE)).length).toBe(0);
    expect(await served(sandbox, 'my-app')).toEqual({ 'app:1': 5 });
    expect(promises.broken).toEqual([]);
  });

  it('no routing any more while idle: the root Service has pods all the time', async () => {
    const { sandbox } = await serving();
    let fewest = 5;
    sandbox.on(async () => {
      fewest = Math.min(fewest, (await sandbox.endpoints('my-app')).length);
    });
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: { trafficRouting: null } } } });
    await sandbox.advance(60);
    expect((await rolloutOf(sandbox)).phase).toBe('Healthy');
    expect(fewest).toBe(5);
  });
});
