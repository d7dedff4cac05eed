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
];

testRefused('traffic routing', rows);
