import { expect, test } from 'vitest';
import { readCanary } from '../../../test/api/read.js';
import { type Row, testRefused } from '../../../test/api/refused.js';
import { routed } from '../../../test/api/specs.js';

const ROUTING = 'spec.rolloutStrategy.canary.trafficRouting';
const smi = { smi: {} };

const rows: readonly Row[] = [
  ['no router', routed({}), ROUTING, 'no router', 'istio'],
  ['a typo', routed({ itsio: {} }), `${ROUTING}.itsio`, 'unknown field', 'did you mean istio'],
  [
    'one route twice',
    routed({ ...smi, managedRoutes: [{ name: 'a' }, { name: 'a' }] }),
    `${ROUTING}.managedRoutes[1].name`,
    'twice',
    'once',
  ],
  ['an Ingress that is not named', routed({ nginx: {} }), `${ROUTING}.nginx`, 'no Ingress', 'stableIngress'],
  [
    'stableIngress and stableIngresses',
    routed({ nginx: { stableIngress: 'a', stableIngresses: ['b'] } }),
    `${ROUTING}.nginx`,
    'both',
    'exactly one',
  ],
  [
    'hosts beside a spec',
    routed({ istio: { virtualService: { spec: {}, hosts: ['a'] } } }),
    `${ROUTING}.istio.virtualService`,
    'both',
    'inside spec',
  ],
  [
    'a virtualService that is a number',
    routed({ istio: { virtualService: 5 } }),
    `${ROUTING}.istio.virtualService`,
    '5',
    'object',
  ],
  [
    'an unknown splitting',
    routed({ istio: { destinationRule: { splitting: 'host' } } }),
    `${ROUTING}.istio.destinationRule.splitting`,
    '"host"',
    'did you mean Host',
  ],
  [
    'an HTTPRoute attached to nothing',
    routed({ gatewayAPI: { httpRoute: {} } }),
    `${ROUTING}.gatewayAPI.httpRoute`,
    'nothing',
    'parentRefs',
  ],
  ['no route of Gateway API', routed({ gatewayAPI: {} }), `${ROUTING}.gatewayAPI`, 'no route', 'httpRoute'],
  [
    'an SMI version that does not exist',
    routed({ smi: { apiVersion: 'split.smi-spec.io/v1' } }),
    `${ROUTING}.smi.apiVersion`,
    'v1',
    'split.smi-spec.io/v1alpha1',
  ],
  [
    'a template without a weight',
    routed({ template: [{ object: { apiVersion: 'v1', kind: 'X' } }] }),
    `${ROUTING}.template[0].object`,
    '$(canaryWeight)',
    'belongs',
  ],
  [
    'a placeholder that does not exist',
    routed({ template: [{ object: { apiVersion: 'v1', kind: 'X', a: '$(canaryWeight)', b: '$(weight)' } }] }),
    `${ROUTING}.template[0].object`,
    '$(weight)',
    '$(stableWeight)',
  ],
  [
    'a template without a kind',
    routed({ template: [{ object: { apiVersion: 'v1', a: '$(canaryWeight)' } }] }),
    `${ROUTING}.template[0].object.kind`,
    'kind',
    'write the kind',
  ],
  [
    'weights that the Gateway API does not take',
    routed({ gatewayAPI: { httpRoute: { parentRefs: [{ name: 'public' }] } }, maxTrafficWeight: 1_000_001 }),
    `${ROUTING}.maxTrafficWeight`,
    '1000001 exceeds 1000000, the largest weight of router gatewayAPI',
    'use at most 1000000',
  ],
  [
    'weights beyond int32',
    routed({ ...smi, maxTrafficWeight: 2 ** 31 }),
    `${ROUTING}.maxTrafficWeight`,
    '2147483648',
    '<=',
  ],
  ['no weight at all', routed({ ...smi, maxTrafficWeight: 0 }), `${ROUTING}.maxTrafficWeight`, '0', '>= 1'],
];

testRefused('traffic routing', rows);

test.each(['istio', 'nginx', 'smi', 'traefik'])('%s takes any weight that an int32 holds', name => {
  const router = { [name]: name === 'nginx' ? { stableIngress: 'web' } : {} };
  const raw = routed({ ...router, maxTrafficWeight: 2_147_483_647 }, { setWeight: 2_147_483_647 });
  expect(readCanary(raw).trafficRouting?.maxTrafficWeight).toBe(2_147_483_647);
});

test('a Gateway API weight may be a million', () => {
  const gatewayAPI = { httpRoute: { parentRefs: [{ name: 'public' }] } };
  expect(readCanary(routed({ gatewayAPI, maxTrafficWeight: 1_000_000 })).trafficRouting?.maxTrafficWeight).toBe(1e6);
});
