import { describe, expect, it } from 'vitest';
import { object, sharesOf } from '../../../../test/mesh/standingCluster.js';
import type { KubeObject } from '../../../metacontroller/object.js';
import type { JsonObject } from '../../../schema/json.js';

const HOST = 'shop.example.com';
const route = (rules: readonly JsonObject[], spec: JsonObject = {}, kind = 'HTTPRoute'): KubeObject =>
  object('gateway.networking.k8s.io/v1', kind, 'web', { parentRefs: [{ name: 'public' }], rules, ...spec });
const to = (name: string, weight?: number): JsonObject => ({
  name,
  port: 80,
  ...(weight !== undefined && { weight }),
});
const ask = (objects: readonly KubeObject[], other: object = {}) => sharesOf(objects, { host: HOST, ...other });

describe('gatewayApi', () => {
  it('divides by weight, 1 where none is written', () => {
    expect(ask([route([{ backendRefs: [to('my-app-stable', 80), to('my-app-canary', 20)] }])])).toEqual({
      old: 0.8,
      new: 0.2,
    });
    expect(ask([route([{ backendRefs: [to('my-app-stable'), to('my-app-canary')] }])])).toEqual({ old: 0.5, new: 0.5 });
  });

  it('fails for the share of a backend that has no pods, does not exist, or has no weight', () => {
    const backendRefs = [to('my-app-stable', 8), to('empty', 1), to('nowhere', 1)];
    expect(ask([route([{ backendRefs }])])).toEqual({ old: 0.8, failing: 0.2 });
    expect(ask([route([{ backendRefs: [to('my-app-stable', 0)] }])])).toEqual({ failing: 1 });
    expect(ask([route([{ backendRefs: [{ ...to('my-app-stable'), namespace: 'other' }] }])])).toEqual({ failing: 1 });
  });

  it('takes the most specific match, wherever it stands', () => {
    const canary = { backendRefs: [to('my-app-canary')] };
    const stable = { backendRefs: [to('my-app-stable')] };
    const path = (type: string, value: string): JsonObject => ({ path: { type, value } });
    const header = { headers: [{ name: 'X-Canary', value: 'yes' }] };
    const decide = (first: JsonObject, second: JsonObject, other: object) =>
      ask(
        [
          route([
            { ...stable, matches: [first] },
            { ...canary, matches: [second] },
          ]),
        ],
        other,
      );
    const at = { path: '/shop/cart', headers: { 'x-canary': 'yes' } };
    expect(decide(path('PathPrefix', '/shop'), path('Exact', '/shop/cart'), at)).toEqual({ new: 1 });
    expect(decide(path('PathPrefix', '/'), path('PathPrefix', '/shop'), at)).toEqual({ new: 1 });
    expect(decide(path('PathPrefix', '/shop'), { ...path('PathPrefix', '/shop'), method: 'GET' }, at)).toEqual({
      new: 1,
    });
    expect(decide(path('PathPrefix', '/'), { ...path('PathPrefix', '/'), ...header }, at)).toEqual({ new: 1 });
    expect(decide({ ...path('PathPrefix', '/'), ...header }, path('PathPrefix', '/shop'), at)).toEqual({ new: 1 });
    // The same twice: the first.
    expect(decide(path('PathPrefix', '/'), path('PathPrefix', '/'), at)).toEqual({ old: 1 });
  });

  it('compares prefixes by whole elements, and knows no default when nothing matches', () => {
    const rule = { matches: [{ path: { value: '/shop' } }], backendRefs: [to('my-app-stable')] };
    expect(ask([route([rule])], { path: '/shop/' })).toEqual({ old: 1 });
    expect(ask([route([rule])], { path: '/shopping' })).toEqual({ failing: 1 });
  });

  it('keeps to hostnames, and to Services that are parents', () => {
    const rules = [{ backendRefs: [to('my-app-canary')] }];
    const byHost = [route(rules, { hostnames: ['*.example.com'] })];
    expect(ask(byHost)).toEqual({ new: 1 });
    expect(sharesOf(byHost, { host: 'example.org' })).toEqual({ failing: 1 });
    expect(sharesOf(byHost, { host: 'my-app' })).toEqual({ old: 1 });
    const onService = [route(rules, { parentRefs: [{ group: '', kind: 'Service', name: 'my-app' }] })];
    expect(sharesOf(onService, { host: 'my-app' })).toEqual({ new: 1 });
    expect(sharesOf(onService, { host: 'my-app-stable' })).toEqual({ old: 1 });
    expect(ask(onService)).toEqual({ failing: 1 });
  });

  it('mirrors, and redirects without a pod', () => {
    const mirror = (more: JsonObject): JsonObject => ({
      type: 'RequestMirror',
      requestMirror: { backendRef: to('my-app-canary'), ...more },
    });
    const with_ = (filter: JsonObject) => ask([route([{ filters: [filter], backendRefs: [to('my-app-stable')] }])]);
    expect(with_(mirror({}))).toEqual({ old: 1, 'copies to new': 1 });
    expect(with_(mirror({ percent: 35 }))).toEqual({ old: 1, 'copies to new': 0.35 });
    expect(with_(mirror({ fraction: { numerator: 1, denominator: 8 } }))).toEqual({ old: 1, 'copies to new': 0.125 });
    expect(with_({ type: 'RequestRedirect', requestRedirect: {} })).toEqual({ failing: 1 });
  });

  it('sends gRPC by service, method and headers', () => {
    const rules = [
      { backendRefs: [to('my-app-stable')] },
      { matches: [{ method: { service: 'shop.Cart', method: 'Add' } }], backendRefs: [to('my-app-canary')] },
    ];
    const grpc = [route(rules, {}, 'GRPCRoute')];
    const call = (path: string) =>
      ask(grpc, { path, method: 'POST', headers: { 'content-type': 'application/grpc+proto' } });
    expect(call('/shop.Cart/Add')).toEqual({ new: 1 });
    expect(call('/shop.Cart/Remove')).toEqual({ old: 1 });
    expect(ask(grpc)).toEqual({ failing: 1 });
  });
});
