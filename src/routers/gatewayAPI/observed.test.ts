import { describe, expect, it } from 'vitest';
import { asMap, asWritten, context, target } from '../../../test/traffic/cases.js';
import type { KubeObject } from '../../metacontroller/object.js';
import { gatewayAPI as router } from './gatewayAPI.js';

const gatewayAPI = asWritten(router);
type GatewayApiConfig = Parameters<typeof gatewayAPI.desired>[0];

const base = context();
const observed = (config: GatewayApiConfig, ...children: readonly KubeObject[]) =>
  gatewayAPI.observed(config, { ...base, children: asMap(children), maxWeight: 100 });

describe('what a controller says of a route', () => {
  const config: GatewayApiConfig = { httpRoute: { parentRefs: [{ name: 'public' }] } };
  const withStatus = (conditions: readonly object[]) => {
    const [child] = gatewayAPI.desired(config, target(20), base);
    return { ...child!, metadata: { ...child!.metadata, generation: 3 }, status: { parents: [{ conditions }] } };
  };
  const resolved = { type: 'ResolvedRefs', reason: 'BackendNotFound', message: 'no such Service' };

  it('is passed on', () => {
    const child = withStatus([
      { type: 'Accepted', status: 'True' },
      { ...resolved, status: 'False', observedGeneration: 3 },
    ]);
    expect(observed(config, child)).toMatchObject({
      weight: 20,
      refused: 'HTTPRoute shop/my-app: ResolvedRefs is False (BackendNotFound: no such Service)',
    });
  });

  it.each([
    ['accepted', [{ ...resolved, status: 'True', observedGeneration: 3 }]],
    ['not yet known', [{ ...resolved, status: 'Unknown', observedGeneration: 3 }]],
    ['said of an earlier generation', [{ ...resolved, status: 'False', observedGeneration: 2 }]],
    ['said of something else', [{ type: 'Programmed', status: 'False', observedGeneration: 3 }]],
    ['nothing', []],
  ])('is no refusal when it is %s', (_, conditions) => {
    expect(observed(config, withStatus(conditions))).not.toHaveProperty('refused');
  });
});

describe('what is observed', () => {
  const config: GatewayApiConfig = { httpRoute: { parentRefs: [{ name: 'public' }] } };
  const withRules = (...rules: readonly object[]) =>
    observed(config, {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'my-app', namespace: 'shop' },
      spec: { rules },
    });
  const to = (name: string, weight?: number) => ({ name: `my-app-${name}`, ...(weight !== undefined && { weight }) });
  const headers = [{ headers: [{ name: 'a', value: 'b' }] }];

  it.each<[string, object[], object]>([
    ['a backend without weight counts as 1', [{ backendRefs: [to('stable', 3), to('canary')] }], { weight: 25 }],
    [
      'the largest of several rules, which do not agree',
      [{ backendRefs: [to('stable', 1), to('canary', 1)] }, { backendRefs: [to('stable', 1)] }],
      { weight: 50, agreed: false },
    ],
    [
      'rules of others count for nothing',
      [{ backendRefs: [{ name: 'other' }] }, { backendRefs: [to('stable', 1), to('canary', 1)] }],
      { weight: 50, agreed: true },
    ],
    [
      'the canary alone behind a header is a header route',
      [{ matches: headers, backendRefs: [to('canary')] }, { backendRefs: [to('stable')] }],
      { weight: 0, managedRoutes: ['unnamed header route'] },
    ],
    [
      'the canary alone without a header is weight',
      [{ matches: [...headers, {}], backendRefs: [to('canary')] }],
      { weight: 100, managedRoutes: [] },
    ],
    [
      'a mirror to the canary',
      [
        {
          filters: [
            { requestMirror: { backendRef: { name: 'other' } } },
            { requestMirror: { backendRef: to('canary') } },
          ],
          backendRefs: [to('stable')],
        },
      ],
      { weight: 0, managedRoutes: ['unnamed mirror route'] },
    ],
    [
      'a mirror to another',
      [{ filters: [{ requestMirror: { backendRef: to('stable') } }], backendRefs: [to('stable')] }],
      { managedRoutes: [] },
    ],
    [
      'backends of another group',
      [{ backendRefs: [{ ...to('canary', 1), group: 'x' }, to('stable', 1)] }],
      { weight: 0 },
    ],
  ])('%s', (_, rules, expected) => {
    expect(withRules(...rules)).toMatchObject(expected);
  });

  it.each([
    [{ type: 'Accepted', status: 'False', reason: 'NoMatchingParent' }, 'Accepted is False (NoMatchingParent)'],
    [{ type: 'Accepted', status: 'False', message: 'why' }, 'Accepted is False (why)'],
    [{ type: 'ResolvedRefs', status: 'False', reason: '', message: '' }, 'ResolvedRefs is False'],
  ])('a condition without a generation, %j, is passed on', (condition, said) => {
    const [child] = gatewayAPI.desired(config, target(20), base);
    const status = { parents: [{ conditions: [{ type: 'Other', status: 'False' }, condition] }] };
    expect(observed(config, { ...child!, status })).toMatchObject({ refused: `HTTPRoute shop/my-app: ${said}` });
  });
});
