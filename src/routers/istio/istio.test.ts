import { describe, expect, it } from 'vitest';
import { asMap, asWritten, context, HEADER, MIRROR, target } from '../../../test/traffic/cases.js';
import type { KubeObject } from '../../metacontroller/object.js';
import { fields, type JsonObject, objects } from '../../schema/json.js';
import type { ManagedRoute } from '../router.js';
import { istio as router } from './istio.js';

const istio = asWritten(router);
type IstioConfig = Parameters<typeof istio.desired>[0];

const base = context();
const spec = (children: readonly KubeObject[], kind = 'VirtualService') =>
  fields(children.find(child => child.kind === kind)?.['spec']);
/** The http routes of the VirtualService. */
const httpOf = (children: readonly KubeObject[]) => objects(spec(children)['http']);
const subset: IstioConfig = { destinationRule: {} };

describe('a VirtualService by default', () => {
  it('routes the root Service to stable and canary', () => {
    expect(istio.desired({}, target(20), base)).toEqual([
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: {
          name: 'my-app',
          namespace: 'shop',
          labels: { 'orchestration.aibrix.io/stormservice': 'my-app' },
        },
        spec: {
          hosts: ['my-app'],
          http: [
            {
              route: [
                { destination: { host: 'my-app-stable' }, weight: 80 },
                { destination: { host: 'my-app-canary' }, weight: 20 },
              ],
            },
          ],
        },
      },
    ]);
  });

  it('has a route for each of several ports', () => {
    const ports = [{ port: 80 }, { port: 9000 }];
    const { http } = spec(istio.desired({}, target(0), context({ ports })));
    expect(http).toMatchObject([
      { match: [{ port: 80 }], route: [{ destination: { port: { number: 80 } } }, { weight: 0 }] },
      { match: [{ port: 9000 }], route: [{ destination: { port: { number: 9000 } } }, { weight: 0 }] },
    ]);
  });
});

describe("the user's spec", () => {
  const http = (route: JsonObject): IstioConfig => ({ virtualService: { spec: { hosts: ['a'], http: [route] } } });

  it.each([
    ['my-app-stable', 'my-app-canary'],
    ['my-app-stable.shop', 'my-app-canary.shop'],
    ['my-app-stable.shop.svc.cluster.local', 'my-app-canary.shop.svc.cluster.local'],
  ])('is split where it names %s', (host, canary) => {
    const config = http({ route: [{ destination: { host } }] });
    expect(spec(istio.desired(config, target(30), base))['http']).toEqual([
      {
        route: [
          { destination: { host }, weight: 70 },
          { destination: { host: canary }, weight: 30 },
        ],
      },
    ]);
  });

  it.each(['my-app', 'my-app-stable.other', 'my-app-stable.shop.example.com', 'my-app-stable2'])(
    'leaves %s alone',
    host => {
      const config = http({ route: [{ destination: { host } }] });
      const children = istio.desired(config, target(30), base);
      expect(spec(children)['http']).toEqual([{ route: [{ destination: { host } }] }]);
      expect(istio.observed(config, { ...base, children: asMap(children), maxWeight: 100 })).toMatchObject({
        weight: 0,
        refused: expect.stringContaining('no route of its spec has the Service my-app-stable'),
      });
    },
  );

  it('keeps the share of other destinations', () => {
    const legacy = { destination: { host: 'legacy' }, weight: 10 };
    const config = http({ route: [{ destination: { host: 'my-app-stable' }, weight: 90 }, legacy] });
    const [route] = httpOf(istio.desired(config, target(20), base));
    const weights = objects(route?.['route']).map(({ weight }) => Number(weight));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    expect(weights.map(weight => (weight * 100) / total)).toEqual([72, 18, 10]);
  });

  it('may name both Services already, as Argo Rollouts asks for', () => {
    const route = [
      { destination: { host: 'my-app-stable' }, weight: 100 },
      { destination: { host: 'my-app-canary' }, weight: 0, headers: { response: { set: { version: 'new' } } } },
    ];
    expect(spec(istio.desired(http({ name: 'primary', route }), target(20), base))['http']).toEqual([
      {
        route: [
          { ...route[0], weight: 80 },
          { ...route[1], weight: 20 },
        ],
      },
    ]);
  });
});

describe('managed routes', () => {
  const config: IstioConfig = {
    virtualService: {
      spec: {
        hosts: ['a'],
        http: [
          { match: [{ uri: { prefix: '/cart' } }], route: [{ destination: { host: 'cart' } }] },
          {
            match: [{ uri: { prefix: '/api' } }],
            rewrite: { uri: '/' },
            route: [{ destination: { host: 'my-app-stable' } }],
          },
        ],
      },
    },
  };
  const http = (...routes: readonly ManagedRoute[]) => httpOf(istio.desired(config, target(20, { routes }), base));

  it('stand in front of the route they refine, and take no request of another', () => {
    const [cart, header, api] = http(HEADER);
    expect(cart).toEqual({ match: [{ uri: { prefix: '/cart' } }], route: [{ destination: { host: 'cart' } }] });
    expect(header).toEqual({
      match: [{ uri: { prefix: '/api' }, headers: { 'x-canary': { exact: 'yes' } } }],
      rewrite: { uri: '/' },
      route: [{ destination: { host: 'my-app-canary' }, weight: 100 }],
    });
    expect(api).toMatchObject({ match: [{ uri: { prefix: '/api' } }], route: [{ weight: 80 }, { weight: 20 }] });
  });

  it('come in the order of managedRoutes', () => {
    const [, first, second] = http(MIRROR, HEADER);
    expect(first).toMatchObject({ match: [{ headers: { 'x-canary': { exact: 'yes' } } }] });
    expect(second).toMatchObject({
      match: [{ uri: { prefix: '/api' }, method: { exact: 'GET' } }],
      route: [{ weight: 80 }, { weight: 20 }],
      mirror: { host: 'my-app-canary' },
      mirrorPercentage: { value: 35 },
    });
  });

  it('without a match are gone', () => {
    expect(http({ ...HEADER, match: [] })).toHaveLength(2);
  });

  it('that reach no route are refused', () => {
    const elsewhere: ManagedRoute = {
      action: 'setMirrorRoute',
      name: 'shadow',
      percentage: 35,
      match: [{ path: { exact: '/other' } }],
    };
    expect(istio.refusals(config, [HEADER, elsewhere])).toEqual([
      { route: 'shadow', reason: 'none of its matches can reach an http route of virtualService.spec' },
    ]);
  });

  it('that nobody announced are seen all the same', () => {
    const [child] = istio.desired(config, target(0, { routes: [HEADER, MIRROR] }), base);
    const anonymous = { ...child!, metadata: { name: 'my-app', namespace: 'shop' } };
    expect(istio.observed(config, { ...base, children: asMap([anonymous]), maxWeight: 100 })).toMatchObject({
      weight: 0,
      managedRoutes: ['unnamed header route', 'unnamed mirror route'],
    });
  });

  it('a route to the canary alone is weight, unless only requests with a header take it', () => {
    const route = { route: [{ destination: { host: 'my-app-canary' } }] };
    const edited = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'my-app' },
      spec: { http: [route] },
    };
    expect(istio.observed({}, { ...base, children: asMap([edited]), maxWeight: 100 })).toMatchObject({ weight: 100 });
  });
});

describe('subsets', () => {
  const first = istio.desired(subset, target(0), base);
  const seen = context({ children: asMap(first) });

  it('select one revision each', () => {
    expect(spec(first, 'DestinationRule')).toEqual({
      host: 'my-app',
      subsets: [
        { name: 'stable', labels: { 'orchestration.aibrix.io/revision': 'aaa' } },
        { name: 'canary', labels: { 'orchestration.aibrix.io/revision': 'bbb' } },
      ],
    });
    expect(istio.observed(subset, { ...seen, maxWeight: 100 })).toMatchObject({
      stableRevision: 'aaa',
      canaryRevision: 'bbb',
    });
    expect(istio.rootService(subset)).toBe('allPods');
  });

  it('are used once they are seen, the two Services before', () => {
    const hosts = (children: readonly KubeObject[]) =>
      objects(httpOf(children)[0]?.['route']).map(({ destination }) => destination);
    expect(hosts(first)).toEqual([{ host: 'my-app-stable' }, { host: 'my-app-canary' }]);
    expect(hosts(istio.desired(subset, target(20), seen))).toEqual([
      { host: 'my-app', subset: 'stable' },
      { host: 'my-app', subset: 'canary' },
    ]);
  });

  it('keep what the user wrote of them', () => {
    const policy = { name: 'canary', trafficPolicy: { tls: { mode: 'DISABLE' } } };
    const config: IstioConfig = {
      destinationRule: { spec: { subsets: [{ name: 'debug', labels: { a: 'b' } }, policy] } },
    };
    expect(spec(istio.desired(config, target(0), base), 'DestinationRule')).toMatchObject({
      subsets: [
        { name: 'debug' },
        { name: 'stable' },
        { ...policy, labels: { 'orchestration.aibrix.io/revision': 'bbb' } },
      ],
    });
  });
});
