import { describe, expect, it } from 'vitest';
import { asMap, asWritten, context, HEADER, MIRROR, target } from '../../../test/traffic/cases.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { JsonObject } from '../../schema/json.js';
import type { ManagedRoute } from '../router.js';
import { gatewayAPI as router } from './gatewayAPI.js';

const gatewayAPI = asWritten(router);
type GatewayApiConfig = Parameters<typeof gatewayAPI.desired>[0];

const base = context();
const backend = (name: string, weight: number) => ({ group: '', kind: 'Service', name, port: 80, weight });
const root = [{ path: { type: 'PathPrefix', value: '/' } }];
const byRules = (
  rules: readonly JsonObject[],
  parentRefs: readonly JsonObject[] = [{ name: 'public' }],
): GatewayApiConfig => ({
  httpRoute: { spec: { parentRefs, rules } },
});
const rulesOf = (config: GatewayApiConfig, routes: readonly ManagedRoute[] = [], weight = 20) =>
  (gatewayAPI.desired(config, target(weight, { routes }), base)[0]!['spec'] as { rules: Record<string, unknown>[] })
    .rules;
const observed = (config: GatewayApiConfig, ...children: readonly KubeObject[]) =>
  gatewayAPI.observed(config, { ...base, children: asMap(children), maxWeight: 100 });

describe('an HTTPRoute by default', () => {
  const config: GatewayApiConfig = { httpRoute: { parentRefs: [{ name: 'public' }], hostnames: ['shop.example.com'] } };

  it('sends all paths to stable and canary, with every default of the API written out', () => {
    expect(gatewayAPI.desired(config, target(20), base)).toEqual([
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: {
          name: 'my-app',
          namespace: 'shop',
          labels: { 'orchestration.aibrix.io/stormservice': 'my-app' },
        },
        spec: {
          parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public' }],
          hostnames: ['shop.example.com'],
          rules: [{ matches: root, backendRefs: [backend('my-app-stable', 80), backend('my-app-canary', 20)] }],
        },
      },
    ]);
  });
});

describe("the user's spec", () => {
  it('is split in every rule that names the stable Service of this namespace', () => {
    const rules = rulesOf(
      byRules([
        { matches: [{ path: { value: '/a' } }], backendRefs: [{ name: 'my-app-stable', port: 80 }] },
        {
          matches: [{ path: { value: '/b' } }],
          backendRefs: [{ name: 'my-app-stable', namespace: 'other', port: 80 }],
        },
        { matches: [{ path: { value: '/c' } }], backendRefs: [{ name: 'my-app-stable', kind: 'ServiceImport' }] },
        { matches: [{ path: { value: '/d' } }], backendRefs: [{ name: 'my-app-stable', namespace: 'shop', port: 80 }] },
      ]),
    );
    expect(rules.map(({ backendRefs }) => (backendRefs as object[]).length)).toEqual([2, 1, 1, 2]);
  });

  it('keeps names, timeouts and filters of rules, and completes them', () => {
    const filters = [
      { type: 'RequestRedirect', requestRedirect: { scheme: 'https' } },
      { type: 'RequestMirror', requestMirror: { backendRef: { name: 'audit', port: 80 }, fraction: { numerator: 5 } } },
      { type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['a'] } },
    ];
    const config = byRules([
      { name: 'main', timeouts: { request: '5s' }, filters, backendRefs: [{ name: 'my-app-stable', port: 80 }] },
    ]);
    expect(rulesOf(config)[0]).toMatchObject({
      name: 'main',
      timeouts: { request: '5s' },
      filters: [
        { requestRedirect: { scheme: 'https', statusCode: 302 } },
        {
          requestMirror: {
            backendRef: { group: '', kind: 'Service', name: 'audit' },
            fraction: { numerator: 5, denominator: 100 },
          },
        },
        { requestHeaderModifier: { remove: ['a'] } },
      ],
    });
  });

  it('that never names the stable Service is reported', () => {
    const config = byRules([{ backendRefs: [{ name: 'other', port: 80 }] }]);
    const [child] = gatewayAPI.desired(config, target(20), base);
    expect(observed(config, child!)).toMatchObject({
      weight: 0,
      refused: 'HTTPRoute shop/my-app: no rule of its spec has the Service my-app-stable as backendRef',
    });
  });
});

describe('managed routes', () => {
  const config = byRules([
    { matches: [{ path: { value: '/cart' } }], backendRefs: [{ name: 'cart', port: 80 }] },
    {
      matches: [{ path: { value: '/api' }, headers: [{ name: 'x-tenant', value: 'a' }] }],
      filters: [{ type: 'URLRewrite', urlRewrite: { hostname: 'inner' } }],
      backendRefs: [{ name: 'my-app-stable', port: 80 }],
    },
  ]);
  const tenant = { type: 'Exact', name: 'x-tenant', value: 'a' };

  it('stand in front of the rule they refine and repeat its match, so that they win over it and no other', () => {
    const [cart, header, mirror, api] = rulesOf(config, [MIRROR, HEADER]);
    expect(cart).toMatchObject({ backendRefs: [{ name: 'cart' }] });
    expect(header).toEqual({
      matches: [
        {
          path: { type: 'PathPrefix', value: '/api' },
          headers: [tenant, { type: 'Exact', name: 'X-Canary', value: 'yes' }],
        },
      ],
      filters: [{ type: 'URLRewrite', urlRewrite: { hostname: 'inner' } }],
      backendRefs: [backend('my-app-canary', 1)],
    });
    expect(mirror).toMatchObject({
      matches: [{ path: { type: 'PathPrefix', value: '/api' }, headers: [tenant], method: 'GET' }],
      filters: [
        { type: 'URLRewrite' },
        {
          type: 'RequestMirror',
          requestMirror: {
            backendRef: { group: '', kind: 'Service', name: 'my-app-canary', port: 80 },
            percent: 35,
          },
        },
      ],
      backendRefs: [backend('my-app-stable', 80), backend('my-app-canary', 20)],
    });
    expect(api).toMatchObject({ backendRefs: [{ weight: 80 }, { weight: 20 }] });
  });

  it('by prefix are regular expressions, which is all that headers know', () => {
    const prefix: ManagedRoute = {
      action: 'setHeaderRoute',
      name: 'testers',
      match: [{ headerName: 'v', headerValue: { prefix: '1.' } }],
    };
    expect(rulesOf(byRules([{ backendRefs: [{ name: 'my-app-stable', port: 80 }] }]), [prefix])[0]).toMatchObject({
      matches: [{ headers: [{ type: 'RegularExpression', name: 'v', value: '1\\..*' }] }],
    });
  });

  it.each<[string, ManagedRoute]>([
    [
      'a header that the rule asks for already',
      { ...HEADER, action: 'setHeaderRoute', match: [{ headerName: 'X-Tenant', headerValue: { exact: 'b' } }] },
    ],
    ['another path', { action: 'setMirrorRoute', name: 'm', percentage: 1, match: [{ path: { prefix: '/apis' } }] }],
    [
      'a method by prefix',
      { action: 'setMirrorRoute', name: 'm', percentage: 1, match: [{ method: { prefix: 'P' } }] },
    ],
  ])('that cannot be written are refused: %s', (_, route) => {
    const only = byRules([
      {
        matches: [{ path: { value: '/api' }, headers: [{ name: 'x-tenant', value: 'a' }] }],
        backendRefs: [{ name: 'my-app-stable', port: 80 }],
      },
    ]);
    expect(gatewayAPI.refusals(only, [route])).toHaveLength(1);
  });

  it('must leave the route with no more than 16 rules', () => {
    const rules = Array.from({ length: 6 }, () => ({ backendRefs: [{ name: 'my-app-stable', port: 80 }] }));
    expect(gatewayAPI.refusals(byRules(rules), [HEADER])).toEqual([]);
    expect(gatewayAPI.refusals(byRules(rules), [HEADER, MIRROR])).toHaveLength(2);
  });

  it('mirror a single gRPC method', () => {
    const route: ManagedRoute = {
      action: 'setMirrorRoute',
      name: 'm',
      percentage: 100,
      match: [{ path: { exact: '/shop.Cart/Add' } }],
    };
    const grpc: GatewayApiConfig = { grpcRoute: { parentRefs: [{ name: 'public' }] } };
    expect(rulesOf(grpc, [route])[0]).toMatchObject({
      matches: [{ method: { type: 'Exact', service: 'shop.Cart', method: 'Add' } }],
      filters: [{ type: 'RequestMirror' }],
    });
  });
});

describe('routes of other kinds', () => {
  it('have no header routes and no mirrors, nor the annotation that names them', () => {
    const spec = { parentRefs: [{ name: 'public' }], rules: [{ backendRefs: [{ name: 'my-app-stable', port: 80 }] }] };
    const [child] = gatewayAPI.desired({ tlsRoute: { spec } }, target(20, { routes: [HEADER, MIRROR] }), base);
    expect(child?.metadata).not.toHaveProperty('annotations');
    expect(child?.['spec']).toMatchObject({ rules: [{ backendRefs: [{ weight: 80 }, { weight: 20 }] }] });
    expect(gatewayAPI.kinds({ tlsRoute: { spec }, tcpRoute: { spec } })).toEqual([
      'TLSRoute.gateway.networking.k8s.io/v1',
      'TCPRoute.gateway.networking.k8s.io/v1',
    ]);
    expect(gatewayAPI.refusals({ tlsRoute: { spec } }, [HEADER])).toEqual([
      { route: 'testers', reason: 'none of its matches can reach a rule of an HTTPRoute or GRPCRoute' },
    ]);
  });

  it('have no port where the Services have none', () => {
    const config: GatewayApiConfig = { tcpRoute: { parentRefs: [{ name: 'public' }] } };
    const [child] = gatewayAPI.desired(config, target(20), context({ ports: [] }));
    const { rules } = child!['spec'] as { rules: [{ backendRefs: object[] }] };
    expect(rules[0].backendRefs[0]).not.toHaveProperty('port');
    expect(child?.['spec']).not.toHaveProperty('hostnames');
  });
});

it('a mirror of all requests has no percentage, which older versions of the API do not know', () => {
  const whole: ManagedRoute = {
    action: 'setMirrorRoute',
    name: 'm',
    percentage: 100,
    match: [{ path: { prefix: '/' } }],
  };
  const rules = rulesOf(byRules([{ name: 'main', backendRefs: [{ name: 'my-app-stable', port: 80 }] }]), [whole]);
  const backendRef = { group: '', kind: 'Service', name: 'my-app-canary', port: 80 };
  expect(rules[0]).toMatchObject({ filters: [{ type: 'RequestMirror', requestMirror: { backendRef } }] });
  expect(JSON.stringify(rules[0])).not.toContain('percent');
  expect(rules.map(({ name }) => name)).toEqual([undefined, 'main']);
});
