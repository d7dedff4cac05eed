/** What happens in the middle of a canary with traffic routing. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/metacontroller/object.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import {
  approveAt,
  GATED_STEPS,
  type RoutedOptions,
  routed,
  served,
  serving,
  untilWeight,
  weightOf,
} from './routedWorld.js';
import { GATEWAY, ISTIO, ROUTED, SMI } from './routers.js';
import {
  annotate,
  conditionOf,
  loseStatus,
  podsByImage,
  rolloutOf,
  untilMessage,
  untilPhase,
  untilStep,
} from './world.js';

const VIRTUAL_SERVICE = 'VirtualService.networking.istio.io/v1';
const SPLIT = 'TrafficSplit.split.smi-spec.io/v1alpha1';

/** A canary of app:2 at its gate behind 40 %. */
async function atForty(options: RoutedOptions = {}) {
  const started = await serving(options);
  await started.image('app:2');
  await approveAt(started.sandbox, 1);
  await untilStep(started.sandbox, 3);
  return started;
}

async function breakPods(sandbox: Sandbox, image: string, count = Number.POSITIVE_INFINITY) {
  const pods = (await sandbox.pods()).filter(({ spec }) => JSON.stringify(spec).includes(`"${image}"`));
  for (const pod of pods.slice(0, count)) sandbox.kubelet.break(pod);
  const heal = () => {
    for (const pod of pods) sandbox.kubelet.heal(pod);
  };
  return { heal };
}

async function routeOf(sandbox: Sandbox): Promise<JsonObject> {
  return ((await sandbox.get(VIRTUAL_SERVICE, 'my-app'))?.['spec'] ?? {}) as JsonObject;
}

describe('templates', () => {
  it('back at stable: weight 0 at once, its pods go after their delay', async () => {
    const { sandbox, promises, image } = await atForty();
    await image('app:1');
    await untilWeight(sandbox, 0, 2);
    await untilPhase(sandbox, 'Healthy');
    await sandbox.eventually('its pods go', async () => (await podsByImage(sandbox))['app:2'] === undefined, 60);
    expect(promises.broken).toEqual([]);
  });

  it.each([false, true])('a third one while the first canary has weight, dynamicStableScale %s', async dynamic => {
    const { sandbox, promises, image } = await atForty({ canary: { dynamicStableScale: dynamic } });
    await image('app:3');
    await approveAt(sandbox, 1);
    expect(await weightOf(sandbox)).toBe(20);
    expect(await served(sandbox, 'my-app-canary')).toEqual({ 'app:3': 1 });
    expect((await podsByImage(sandbox))['app:2']).toBeUndefined();
    for (const gate of [3, 5]) await approveAt(sandbox, gate);
    await untilPhase(sandbox, 'Healthy');
    expect(await served(sandbox, 'my-app')).toEqual({ 'app:3': 5 });
    expect(promises.broken).toEqual([]);
  });

  it('a third one between the switch of the stable Service and the end goes back to stable first', async () => {
    const { sandbox, promises, image } = await atForty({
      steps: [{ setWeight: 20 }, { pause: true }, { setWeight: 40 }, { pause: true }],
    });
    await annotate(sandbox, 'approve', 'true');
    await sandbox.eventually(
      'stable is switched',
      async () => (await served(sandbox, 'my-app-stable'))['app:2'] === 5,
      60,
    );
    await image('app:3');
    await untilStep(sandbox, 1);
    expect(await served(sandbox, 'my-app-stable')).toEqual({ 'app:1': 5 });
    expect(await weightOf(sandbox)).toBe(20);
    expect(promises.broken).toEqual([]);
  });

  it('one inside the rollback window needs no steps', async () => {
    const { sandbox, promises, image } = await serving({ canary: { rollbackWindow: { revisions: 1 } } });
    await image('app:2');
    for (const gate of [1, 3, 5]) await approveAt(sandbox, gate);
    await untilPhase(sandbox, 'Healthy');
    await sandbox.advance(60);
    await image('app:1');
    await sandbox.advance(1);
    await untilPhase(sandbox, 'Healthy');
    expect(await served(sandbox, 'my-app')).toEqual({ 'app:1': 5 });
    expect(promises.broken.filter(text => !/P1|P4/.test(text))).toEqual([]);
  });
});

describe('pods', () => {
  it.each([false, true])(
    'no canary pod is left: weight 0 until they are back, dynamicStableScale %s',
    async dynamic => {
      const { sandbox, promises } = await atForty({ canary: { dynamicStableScale: dynamic } });
      const { heal } = await breakPods(sandbox, 'app:2');
      await untilWeight(sandbox, 0, 30);
      await sandbox.advance(60);
      expect(await weightOf(sandbox)).toBe(0);
      expect((await rolloutOf(sandbox)).message).toMatch(/canary: 0 of 2 pods/);
      heal();
      await untilWeight(sandbox, 40);
      expect(promises.broken).toEqual([]);
    },
  );

  it('one of two canary pods is left: the weight stays, and nothing goes on', async () => {
    const { sandbox, promises } = await atForty();
    await breakPods(sandbox, 'app:2', 1);
    await approveAt(sandbox, 3);
    await sandbox.advance(60);
    expect(await weightOf(sandbox)).toBe(40);
    expect((await rolloutOf(sandbox)).message).toMatch(/canary: \d of 5 pods/);
    expect(promises.broken).toEqual([]);
  });

  it('stable pods die: the weight is not raised before they are back', async () => {
    const { sandbox, promises } = await atForty();
    const { heal } = await breakPods(sandbox, 'app:1', 3);
    await approveAt(sandbox, 3);
    await sandbox.advance(60);
    expect(await weightOf(sandbox)).toBe(40);
    expect((await rolloutOf(sandbox)).message).toMatch(/stable: 2 of 3 pods/);
    heal();
    await untilWeight(sandbox, 100);
    expect(promises.broken).toEqual([]);
  });

  it.each([
    [
      'setCanaryScale.replicas',
      [{ setCanaryScale: { replicas: 3 } }, { pause: true }, { setWeight: 20 }, { pause: true }],
      [3, 3],
    ],
    [
      'setCanaryScale.weight',
      [{ setCanaryScale: { weight: 60 } }, { pause: true }, { setWeight: 20 }, { pause: true }],
      [3, 3],
    ],
    [
      'matchTrafficWeight',
      [
        { setCanaryScale: { replicas: 4 } },
        { setWeight: 20 },
        { pause: true },
        { setCanaryScale: { matchTrafficWeight: true } },
        { pause: true },
      ],
      [4, 1],
    ],
  ] as const)('%s', async (_, steps, wanted) => {
    const { sandbox, promises, image } = await serving({ steps });
    await image('app:2');
    const gates = steps.flatMap((step, i) => ('pause' in step ? [i] : []));
    for (const [i, gate] of gates.entries()) {
      await untilStep(sandbox, gate);
      await sandbox.advance(10);
      expect((await podsByImage(sandbox))['app:2']).toBe(wanted[i]);
      await approveAt(sandbox, gate);
    }
    await untilPhase(sandbox, 'Healthy');
    expect(promises.broken).toEqual([]);
  });

  it('minPodsPerReplicaSet', async () => {
    const { sandbox, promises } = await atForty({ canary: { minPodsPerReplicaSet: 3 } });
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:2': 3 });
    expect(promises.broken).toEqual([]);
  });

  it('dynamicStableScale: stable shrinks as its traffic does, and is whole before an abort takes all of it back', async () => {
    const { sandbox, promises } = await atForty({ canary: { dynamicStableScale: true } });
    await sandbox.advance(10);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 3, 'app:2': 2 });
    await approveAt(sandbox, 3);
    await untilStep(sandbox, 5);
    await sandbox.advance(10);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 1, 'app:2': 5 });
    await annotate(sandbox, 'abort', 'true');
    await untilPhase(sandbox, 'Degraded');
    await untilWeight(sandbox, 0);
    await sandbox.eventually('its pods go', async () => (await podsByImage(sandbox))['app:2'] === undefined, 60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5 });
    expect(promises.broken).toEqual([]);
  });

  it('no replicas at all: the route rests, and all comes back', async () => {
    const { sandbox } = await atForty();
    await sandbox.scale('my-app', 0);
    await sandbox.advance(30);
    expect(await podsByImage(sandbox)).toEqual({});
    const writes = sandbox.writes.total;
    await sandbox.advance(60);
    expect(sandbox.writes.total).toBe(writes);
    await sandbox.scale('my-app', 5);
    await sandbox.advance(30);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:2': 2 });
    expect(await weightOf(sandbox)).toBe(40);
  });

  it.each([3, 10])('%d replicas in the middle of it', async replicas => {
    const { sandbox, promises } = await atForty();
    await sandbox.scale('my-app', replicas);
    await sandbox.advance(30);
    expect(await weightOf(sandbox)).toBe(40);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': replicas, 'app:2': Math.ceil(0.4 * replicas) });
    for (const gate of [3, 5]) await approveAt(sandbox, gate);
    await untilPhase(sandbox, 'Healthy');
    expect(promises.broken).toEqual([]);
  });
});

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

  it('a weight that somebody raises is taken back', async () => {
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
    await untilMessage(sandbox, /going back to stable/);
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

describe('status', () => {
  it('lost at a gate: the rollout goes on behind the same gate, and its weight stays', async () => {
    const { sandbox, promises } = await atForty();
    await loseStatus(sandbox);
    await untilStep(sandbox, 1);
    expect(await weightOf(sandbox)).toBe(20);
    for (const gate of [1, 3, 5]) await approveAt(sandbox, gate);
    await untilPhase(sandbox, 'Healthy');
    expect(promises.broken).toEqual([]);
  });

  it('lost while idle changes nothing', async () => {
    const { sandbox, promises } = await serving();
    await loseStatus(sandbox);
    await untilPhase(sandbox, 'Healthy');
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5 });
    expect(promises.broken).toEqual([]);
  });
});

it('a hold freezes the weight where it is, an abort is not held', async () => {
  const { sandbox, promises } = await atForty();
  await annotate(sandbox, 'pause', 'true');
  await sandbox.advance(60);
  expect(await weightOf(sandbox)).toBe(40);
  expect((await rolloutOf(sandbox)).phase).toBe('Paused');
  await annotate(sandbox, 'abort', 'true');
  await untilWeight(sandbox, 0, 5);
  expect(promises.broken).toEqual([]);
});

it.each(ROUTED)('a first deployment needs no steps: $title', async router => {
  const { sandbox, promises } = await serving({ router, steps: GATED_STEPS });
  expect(await weightOf(sandbox)).toBe(0);
  expect(await served(sandbox, 'my-app-stable')).toEqual({ 'app:1': 5 });
  expect(await conditionOf(sandbox, 'RoutingReady')).toMatchObject({ status: 'True' });
  expect(promises.broken).toEqual([]);
});
