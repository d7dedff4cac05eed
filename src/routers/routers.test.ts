import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { context, HEADER, routers, target } from '../../test/traffic/cases.js';
import { Place } from '../schema/place.js';
import type { Problem } from '../schema/problem.js';
import { defineRouter } from './router.js';
import { desiredRoutes, ROUTER_NAMES, readRouters, routerFields, routerFor } from './routers.js';

const NAMES = { name: 'web', rootService: 'front' };

function read(raw: Parameters<typeof readRouters>[0]) {
  const problems: Problem[] = [];
  const specs = readRouters(raw, NAMES, new Place('t', problems));
  return { specs, problems: problems.map(({ path, problem }) => `${path}: ${problem}`) };
}

describe('readRouters', () => {
  it('has the order of the registry, and one entry per template', () => {
    const object = { apiVersion: 'a/v1', kind: 'A', spec: '$(canaryWeight)' };
    const { specs } = read({ template: [{ object }, { object }], smi: {}, istio: {} });
    expect(specs.map(({ router }) => router)).toEqual(['istio', 'smi', 'template', 'template']);
  });

  it('gives each router its defaults: what setupHash is computed of', () => {
    expect(read({ istio: { destinationRule: {} }, nginx: { stableIngress: 'a' }, smi: {}, traefik: {} }).specs).toEqual(
      [
        {
          router: 'istio',
          config: {
            virtualService: { name: 'web' },
            destinationRule: {
              name: 'web',
              splitting: 'Subset',
              canarySubsetName: 'canary',
              stableSubsetName: 'stable',
            },
          },
        },
        {
          router: 'nginx',
          config: {
            stableIngresses: ['a'],
            annotationPrefix: 'nginx.ingress.kubernetes.io',
            additionalIngressAnnotations: {},
            canaryIngressAnnotations: {},
          },
        },
        {
          router: 'smi',
          config: { rootService: 'front', trafficSplitName: 'web', apiVersion: 'split.smi-spec.io/v1alpha1' },
        },
        { router: 'traefik', config: { traefikService: { name: 'web' } } },
      ],
    );
    expect(read({ istio: {} }).specs).toEqual([{ router: 'istio', config: { virtualService: { name: 'web' } } }]);
    expect(
      read({ gatewayAPI: { httpRoute: { parentRefs: [] }, tcpRoute: { name: 'own', parentRefs: [] } } }).specs,
    ).toEqual([
      {
        router: 'gatewayAPI',
        config: { httpRoute: { name: 'web', parentRefs: [] }, tcpRoute: { name: 'own', parentRefs: [] } },
      },
    ]);
  });

  it('keeps what is written', () => {
    const rule = {
      name: 'r',
      splitting: 'Host' as const,
      canarySubsetName: 'c',
      stableSubsetName: 's',
      spec: { a: 1 },
    };
    const virtualService = { name: 'v', hosts: ['h'], gateways: ['g'] };
    const nginx = {
      stableIngresses: ['a', 'b'],
      annotationPrefix: 'p',
      additionalIngressAnnotations: { a: 'b' },
      canaryIngressAnnotations: { c: 'd' },
    };
    const smi = { rootService: 'r', trafficSplitName: 't', apiVersion: 'split.smi-spec.io/v1alpha3' as const };
    const traefik = { traefikService: { name: 'n', port: 'http' } };
    const raw = { istio: { virtualService, destinationRule: rule }, nginx, smi, traefik };
    expect(read(raw).specs.map(({ config }) => config)).toEqual(Object.values(raw));
  });

  it.each<[string, Parameters<typeof readRouters>[0], readonly string[]]>([
    [
      'a spec beside gateways',
      { istio: { virtualService: { spec: {}, gateways: [] } } },
      ['t.istio.virtualService: spec and hosts or gateways are both written'],
    ],
    ['a spec alone', { istio: { virtualService: { spec: {} } } }, []],
    ['no Ingress', { nginx: {} }, ['t.nginx: no Ingress is named']],
    [
      'an Ingress twice',
      { nginx: { stableIngresses: ['a', 'b', 'a'] } },
      ['t.nginx.stableIngresses: an Ingress is listed twice'],
    ],
    [
      'annotations that are no keys',
      { nginx: { stableIngress: 'a', additionalIngressAnnotations: { '-': '' }, canaryIngressAnnotations: { _: '' } } },
      [
        't.nginx.additionalIngressAnnotations[-]: "-" is not a valid label or annotation key',
        't.nginx.canaryIngressAnnotations._: "_" is not a valid label or annotation key',
      ],
    ],
    ['no route', { gatewayAPI: {} }, ['t.gatewayAPI: no route is written']],
    [
      'a route that is attached to nothing',
      { gatewayAPI: { tlsRoute: {} } },
      ['t.gatewayAPI.tlsRoute: the route is attached to nothing'],
    ],
    [
      'a spec beside parentRefs',
      { gatewayAPI: { tlsRoute: { spec: {}, parentRefs: [] } } },
      ['t.gatewayAPI.tlsRoute: spec and parentRefs or hostnames are both written'],
    ],
    [
      'a spec beside hostnames',
      { gatewayAPI: { tlsRoute: { spec: {}, hostnames: [] } } },
      ['t.gatewayAPI.tlsRoute: spec and parentRefs or hostnames are both written'],
    ],
    ['hostnames beside parentRefs', { gatewayAPI: { tlsRoute: { parentRefs: [], hostnames: [] } } }, []],
    [
      'a template that says nothing',
      { template: [{ object: { kind: '' } }] },
      [
        't.template[0].object.apiVersion: apiVersion must be a non-empty string',
        't.template[0].object.kind: kind must be a non-empty string',
        't.template[0].object: it has no $(canaryWeight), so it splits nothing',
      ],
    ],
    [
      'a placeholder that is none',
      { template: [{ object: { apiVersion: 'a', kind: 'A', b: '$(canaryWeight) $(stableWeight) $(weight)' } }] },
      ['t.template[0].object: $(weight) is not a placeholder'],
    ],
  ])('%s', (_, raw, problems) => {
    expect(read(raw).problems).toEqual(problems);
  });
});

it('every field of trafficRouting is optional and named after its router', () => {
  expect(Object.keys(routerFields)).toEqual(ROUTER_NAMES);
  expect(ROUTER_NAMES.map(router => routerFor({ router }).name)).toEqual(ROUTER_NAMES);
  expect(Object.values(routerFields).every(field => Type.IsOptional(field))).toBe(true);
});

it('the routes of several routers are those of each', () => {
  const specs = routers({ traefik: {}, smi: {} });
  expect(desiredRoutes(specs, target(20), context()).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'TrafficSplit my-app',
    'TraefikService my-app-canary',
    'TraefikService my-app',
  ]);
});

it('what a router does not define has nothing to say', () => {
  const plain = defineRouter({
    name: 'plain',
    schema: Type.Object({}),
    read: () => [{}],
    kinds: () => [],
    desired: () => [],
    observed: () => ({ state: 'absent', missing: [] }),
  });
  expect(plain).toMatchObject({ component: 'plain', lacks: [] });
  expect(plain.problems({}, 'p')).toEqual([]);
  expect(plain.refusals({}, [HEADER])).toEqual([]);
  expect(plain.rootService({})).toBe('stable');
  expect(plain.related({}, context())).toEqual([]);
});

it('problems are those of dynamic apply unless it is told otherwise', () => {
  const told = defineRouter({
    name: 'told',
    schema: Type.Object({}),
    read: () => [{}],
    kinds: () => [],
    desired: () => [],
    observed: () => ({ state: 'absent', missing: [] }),
    problems: (_, path, strategy) => [{ path, problem: `${strategy}`, remedy: '' }],
  });
  expect(told.problems({}, 'p')).toEqual([{ path: 'p', problem: 'dynamic-apply', remedy: '' }]);
  expect(told.problems({}, 'p', 'server-side-apply')).toMatchObject([{ problem: 'server-side-apply' }]);
});
