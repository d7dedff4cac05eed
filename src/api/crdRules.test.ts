import { describe, expect, test } from 'vitest';
import { refusedByCel } from '../../test/api/celRules.js';
import { defaulted, specSchema } from '../../test/api/crds.js';
import {
  blueGreen,
  canary,
  context,
  metric,
  type Raw,
  role,
  roles,
  routed,
  spec,
  steps,
  template,
  withStrategy,
} from '../../test/api/specs.js';
import { readSpec } from './readSpec.js';

const schema = specSchema();

const healthCheck = { name: 'a', http: { url: 'http://a' } };

const valid: readonly [string, Raw][] = [
  ['a template', { template: template() }],
  [
    'a canary',
    steps({ setWeight: 10 }, { pause: true, name: 'gate' }, { pause: { duration: '1h' } }, { setWeight: 100 }),
  ],
  ['an empty canary', canary({})],
  ['a blue-green', blueGreen({ autoPromotionEnabled: false, previewReplicaCount: 1 })],
  ['no strategy but a type', withStrategy({ type: 'RollingUpdate' })],
  ['health checks', withStrategy({ canary: {}, autoRollback: { onFailure: {}, healthChecks: [healthCheck] } })],
  ['inline metrics', steps({ analysis: { metrics: [metric()] } })],
  ['roles', roles(role(), role({ name: 'decode' }))],
  [
    'weights over 100 where all is more',
    routed({ smi: {}, maxTrafficWeight: 1000 }, { setWeight: 900 }, { setCanaryScale: { weight: 5 } }),
  ],
  [
    'an analysis after the last step',
    canary({ steps: [{ setWeight: 5 }], analysis: { metrics: [metric()], startingStep: 1 } }),
  ],
  ['the largest weights', routed({ smi: {}, maxTrafficWeight: 2_147_483_647 }, { setWeight: 2_147_483_647 })],
  ['a deadline just above minReadySeconds', spec({ minReadySeconds: 9, progressDeadlineSeconds: 10 })],
  [
    'Services and a delay with routing',
    canary({ trafficRouting: { smi: {} }, stableService: 'a', canaryService: 'b', scaleDownDelaySeconds: 5 }),
  ],
  ['bounds of which one is 0', canary({ maxSurge: 0, maxUnavailable: '25%' })],
  [
    'the first draft',
    routed(
      { istio: { virtualService: 'vs' }, nginx: { ingress: 'i', servicePort: 80 } },
      { weight: 5, replicas: 1, pause: {} },
    ),
  ],
];

describe('valid for the API server', () => {
  test.each(valid)('%s passes every rule', (_, raw) => {
    expect(refusedByCel(schema, raw)).toEqual([]);
    expect(refusedByCel(schema, defaulted(schema, raw))).toEqual([]);
  });

  test.each(valid)('%s means the same with the defaults that the API server writes', (_, raw) => {
    const result = readSpec(raw, context);
    expect(result.ok).toBe(true);
    expect(readSpec(defaulted(schema, raw), context)).toEqual(result);
  });
});

test.each<[string, Raw, string]>([
  ['canary and blueGreen', withStrategy({ canary: {}, blueGreen: {} }), 'mutually exclusive'],
  ['a type without its field', withStrategy({ type: 'Canary' }), 'requires canary'],
  ['a type that disagrees', withStrategy({ type: 'RollingUpdate', canary: {} }), 'allows only'],
  ['both bounds 0', canary({ maxSurge: 0, maxUnavailable: '0%' }), 'both be 0'],
  ['a weight over 100', steps({ setWeight: 101 }), 'at most 100'],
  ['a weight over maxTrafficWeight', routed({ smi: {}, maxTrafficWeight: 50 }, { setWeight: 60 }), 'maxTrafficWeight'],
  ['a step without an action', steps({ name: 'a' }), 'one of'],
  ['two steps of one name', steps({ name: 'a', setWeight: 1 }, { name: 'a', setWeight: 2 }), 'must be unique'],
  ['setCanaryScale without routing', steps({ setCanaryScale: { replicas: 1 } }), 'require trafficRouting'],
  ['two scales at once', routed({ smi: {} }, { setCanaryScale: { replicas: 1, weight: 1 } }), 'exactly one'],
  ['dynamicStableScale without routing', canary({ dynamicStableScale: true }), 'requires trafficRouting'],
  ['a stable Service without routing', canary({ stableService: 'a' }), 'require trafficRouting'],
  ['a canary Service without routing', canary({ canaryService: 'a' }), 'require trafficRouting'],
  ['a scale-down delay without routing', canary({ scaleDownDelaySeconds: 30 }), 'require trafficRouting'],
  ['a deadline no longer than minReadySeconds', spec({ minReadySeconds: 600 }), 'greater than minReadySeconds'],
  [
    'a starting step beyond the last step',
    canary({ steps: [{ setWeight: 5 }], analysis: { metrics: [metric()], startingStep: 2 } }),
    'number of steps',
  ],
  [
    'weights that the Gateway API does not take',
    routed({ gatewayAPI: { httpRoute: { parentRefs: [{ name: 'a' }] } }, maxTrafficWeight: 1_000_001 }),
    'at most 1000000',
  ],
  ['no router', routed({ settleSeconds: 1 }), 'at least one of'],
  ['active and preview the same', blueGreen({ activeService: 'a', previewService: 'a' }), 'must differ'],
  [
    'containers and roles',
    spec({ template: { spec: { containers: [], roles: [role()] } } }),
    'exactly one of containers',
  ],
  ['neither', spec({ template: { spec: {} } }), 'exactly one of containers'],
  ['an empty analysis', steps({ analysis: {} }), 'templates or metrics'],
  [
    'two kinds of check',
    withStrategy({ canary: {}, autoRollback: { healthChecks: [{ ...healthCheck, web: {} }] } }),
    'exactly one',
  ],
])('the API server refuses %s, and so does the hook', (_, raw, message) => {
  expect(refusedByCel(schema, defaulted(schema, raw)).join('; ')).toContain(message);
  expect(readSpec(raw, context).ok).toBe(false);
});
