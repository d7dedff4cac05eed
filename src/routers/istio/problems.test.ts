import { describe, expect, it } from 'vitest';
import { asWritten } from '../../../test/traffic/cases.js';
import { istio } from './istio.js';

const router = asWritten(istio);
type IstioConfig = Parameters<typeof router.problems>[0];

describe('problems', () => {
  it.each<[string, IstioConfig, string]>([
    ['no route', { virtualService: { spec: { hosts: ['a'] } } }, 'istio.virtualService.spec'],
    [
      'a weight that is no whole number',
      { virtualService: { spec: { http: [{ route: [{ destination: { host: 'a' }, weight: 'x' }] }] } } },
      'istio.virtualService.spec.http[0].route[0].weight',
    ],
    [
      'a subset twice',
      { destinationRule: { spec: { subsets: [{ name: 'a' }, { name: 'a' }] } } },
      'istio.destinationRule.spec.subsets',
    ],
    [
      'a traffic policy that Host splitting loses',
      { destinationRule: { splitting: 'Host', spec: { trafficPolicy: {} } } },
      'istio.destinationRule.spec.trafficPolicy',
    ],
  ])('%s', (_, config, path) => {
    expect(router.problems(config, 'istio').map(problem => problem.path)).toEqual([path]);
  });
});

describe('no problems', () => {
  it.each<[string, IstioConfig]>([
    ['nothing but defaults', {}],
    [
      'a tls route alone',
      { virtualService: { spec: { tls: [{ route: [{ destination: { host: 'a' }, weight: 1 }] }] } } },
    ],
    [
      'subsets of different names, and of none',
      { destinationRule: { spec: { subsets: [{ name: 'a' }, {}, {}, { name: 'b' }] } } },
    ],
    ['a traffic policy of subsets', { destinationRule: { spec: { trafficPolicy: {} } } }],
    ['a traffic policy of a host', { destinationRule: { splitting: 'Host', spec: { host: 'a', trafficPolicy: {} } } }],
    ['no traffic policy', { destinationRule: { splitting: 'Host', spec: {} } }],
  ])('%s', (_, config) => {
    expect(router.problems(config, 'istio')).toEqual([]);
  });
});

it('weights are problems in every protocol', () => {
  const route = [{ route: [{ destination: { host: 'a' } }, { destination: { host: 'b' }, weight: 1.5 }] }];
  const config: IstioConfig = { virtualService: { spec: { tls: route, tcp: [{}, ...route] } } };
  expect(router.problems(config, 'istio').map(({ path }) => path)).toEqual([
    'istio.virtualService.spec.tls[0].route[1].weight',
    'istio.virtualService.spec.tcp[1].route[1].weight',
  ]);
});

it('a subset that is written twice is named, and so is what to do', () => {
  const config: IstioConfig = {
    destinationRule: {
      splitting: 'Host',
      spec: { trafficPolicy: {}, subsets: [{ name: 'a' }, { name: 'b' }, { name: 'b' }] },
    },
  };
  expect(router.problems(config, 'istio')).toMatchObject([
    { problem: 'the subset b is listed twice', remedy: 'list each subset once' },
    { problem: expect.stringContaining('Host splitting'), remedy: expect.stringContaining('Subset') },
  ]);
});

it('managed routes without a match reach nothing, and are not refused', () => {
  const spec = { http: [{ match: [{ uri: { exact: '/a' } }] }, { match: [{ uri: { exact: '/b' } }] }] };
  const mirror = (path: string, match = [{ path: { exact: path } }]) =>
    ({ action: 'setMirrorRoute', name: path, percentage: 1, match }) as const;
  const refused = router.refusals({ virtualService: { spec } }, [mirror('/b'), mirror('/c'), mirror('/d', [])]);
  expect(refused.map(({ route }) => route)).toEqual(['/c']);
  expect(router.refusals({}, [mirror('/c')])).toEqual([]);
  expect(router.refusals({ virtualService: { spec: { tcp: [] } } }, [mirror('/c')])).toHaveLength(1);
});
