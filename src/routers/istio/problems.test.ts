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
