import { describe, expect, it } from 'vitest';
import type { IstioConfig } from './config.js';
import { istioProblems } from './problems.js';

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
    expect(istioProblems(config, 'istio').map(problem => problem.path)).toEqual([path]);
  });
});
