import { describe, expect, it } from 'vitest';
import { object, sharesOf } from '../../../../test/mesh/standingCluster.js';
import type { KubeObject } from '../../../metacontroller/object.js';
import type { JsonObject } from '../../../schema/json.js';
import { matchesRule } from './traefikRule.js';

const HOST = 'shop.example.com';
const ask = (objects: readonly KubeObject[], other: object = {}) => sharesOf(objects, { host: HOST, ...other });

describe('a plain Service', () => {
  it('is any of its pods; a host that nobody knows fails', () => {
    expect(sharesOf([], { host: 'my-app' })).toEqual({ old: 1 });
    expect(sharesOf([], { host: 'empty' })).toEqual({ failing: 1 });
    expect(sharesOf([], { host: 'nobody' })).toEqual({ failing: 1 });
    expect(sharesOf([], { host: 'my-app', namespace: 'elsewhere' })).toEqual({ failing: 1 });
    expect(sharesOf([], { host: 'my-app.shop', namespace: 'elsewhere' })).toEqual({ old: 1 });
  });
});

describe('smi', () => {
  const split = (version: string, backends: readonly JsonObject[]) =>
    object(`split.smi-spec.io/${version}`, 'TrafficSplit', 'web', { service: 'my-app', backends });

  it('divides what is sent to its root Service, and nothing else', () => {
    const backends = [
      { service: 'my-app-stable', weight: 80 },
      { service: 'my-app-canary', weight: 20 },
    ];
    expect(sharesOf([split('v1alpha4', backends)], { host: 'my-app' })).toEqual({ old: 0.8, new: 0.2 });
    expect(sharesOf([split('v1alpha4', backends)], { host: 'my-app-stable' })).toEqual({ old: 1 });
  });

  it('reads quantities', () => {
    const backends = [
      { service: 'my-app-stable', weight: '1' },
      { service: 'my-app-canary', weight: '250m' },
    ];
    expect(sharesOf([split('v1alpha1', backends)], { host: 'my-app' })).toEqual({ old: 0.8, new: 0.2 });
  });
});

describe('traefik', () => {
  const kind = 'TraefikService';
  const weighted = (name: string, services: readonly JsonObject[]) =>
    object('traefik.io/v1alpha1', kind, name, { weighted: { services } });
  const ingressRoute = (services: readonly JsonObject[], match = `Host(\`${HOST}\`)`) =>
    object('traefik.io/v1alpha1', 'IngressRoute', 'web', { routes: [{ kind: 'Rule', match, services }] });
  const entry = ingressRoute([{ kind, name: 'web' }]);
  const stable = { kind: 'Service', name: 'my-app-stable', port: 80 };

  it('divides by weight, through services in services', () => {
    const outer = weighted('web', [
      { ...stable, weight: 80 },
      { kind, name: 'inner', weight: 20 },
    ]);
    const inner = weighted('inner', [{ name: 'my-app-canary', port: 80 }]);
    expect(ask([entry, outer, inner])).toEqual({ old: 0.8, new: 0.2 });
    expect(ask([entry, outer])).toEqual({ failing: 1 });
  });

  it('drops the whole route over a Service without endpoints, whatever its weight', () => {
    const outer = weighted('web', [
      { ...stable, weight: 100 },
      { kind: 'Service', name: 'empty', port: 80, weight: 0 },
    ]);
    expect(ask([entry, outer])).toEqual({ failing: 1 });
  });

  it('gives up on services that name each other', () => {
    const circle = [weighted('web', [{ kind, name: 'inner' }]), weighted('inner', [{ kind, name: 'web' }])];
    expect(ask([entry, ...circle])).toEqual({ failing: 1 });
  });

  it.each([
    ['Host(`shop.example.com`)', true],
    ['Host(`other.example.com`) || PathPrefix(`/api`)', true],
    ['Host(`shop.example.com`) && Header(`x-a`, `1`)', true],
    ['Host(`shop.example.com`) && Method(`POST`)', false],
    ['Path(`/api`)', false],
    ['!Host(`other.example.com`)', false],
  ])('%s: %s', (rule, fits) => {
    const request = { host: HOST, method: 'GET', path: '/api/x', headers: { 'x-a': '1' }, namespace: 'shop' };
    expect(matchesRule(rule, request)).toBe(fits);
  });
});

describe('contour', () => {
  const proxy = (routes: readonly JsonObject[]) =>
    object('projectcontour.io/v1', 'HTTPProxy', 'web', { virtualhost: { fqdn: HOST }, routes });
  const split = (canary: number) => [
    { name: 'my-app-stable', port: 80, weight: 100 - canary },
    { name: 'my-app-canary', port: 80, weight: canary },
  ];

  it('divides by weight; evenly without any', () => {
    expect(ask([proxy([{ conditions: [{ prefix: '/' }], services: split(20) }])])).toEqual({ old: 0.8, new: 0.2 });
    const unweighted = [{ name: 'my-app-stable' }, { name: 'my-app-canary' }];
    expect(ask([proxy([{ services: unweighted }])])).toEqual({ old: 0.5, new: 0.5 });
  });

  it('takes the longest prefix, then the header', () => {
    const header = { header: { name: 'X-Canary', exact: 'yes' } };
    const routes = [
      { services: [{ name: 'my-app-stable' }] },
      { conditions: [{ prefix: '/' }, header], services: [{ name: 'my-app-canary' }] },
      { conditions: [{ prefix: '/cart' }], services: split(50) },
    ];
    expect(ask([proxy(routes)])).toEqual({ old: 1 });
    expect(ask([proxy(routes)], { headers: { 'x-canary': 'yes' } })).toEqual({ new: 1 });
    expect(ask([proxy(routes)], { path: '/cart' })).toEqual({ old: 0.5, new: 0.5 });
  });

  it('mirrors', () => {
    const services = [{ name: 'my-app-stable' }, { name: 'my-app-canary', mirror: true }];
    expect(ask([proxy([{ services }])])).toEqual({ old: 1, 'copies to new': 1 });
  });
});

describe('apisix', () => {
  const route = (http: readonly JsonObject[]) => object('apisix.apache.org/v2', 'ApisixRoute', 'web', { http });
  const backends = (canary: number) => [
    { serviceName: 'my-app-stable', servicePort: 80, weight: 100 - canary },
    { serviceName: 'my-app-canary', servicePort: 80, weight: canary },
  ];

  it('divides by weight where host and path fit', () => {
    const rule = { name: 'a', match: { hosts: ['*.example.com'], paths: ['/api/*'] }, backends: backends(20) };
    expect(ask([route([rule])], { path: '/api/x' })).toEqual({ old: 0.8, new: 0.2 });
    expect(ask([route([rule])], { path: '/other' })).toEqual({ failing: 1 });
    expect(sharesOf([route([rule])], { host: 'example.org', path: '/api/x' })).toEqual({ failing: 1 });
  });

  it('prefers priority, then the longer path', () => {
    const rules = [
      { name: 'a', match: { paths: ['/*'] }, backends: backends(0) },
      { name: 'b', match: { paths: ['/api/*'] }, backends: backends(50) },
      { name: 'c', priority: 1, match: { paths: ['/api/v2'] }, backends: backends(100) },
    ];
    expect(ask([route(rules)])).toEqual({ old: 1 });
    expect(ask([route(rules)], { path: '/api/x' })).toEqual({ old: 0.5, new: 0.5 });
    expect(ask([route(rules)], { path: '/api/v2' })).toEqual({ new: 1 });
  });
});
