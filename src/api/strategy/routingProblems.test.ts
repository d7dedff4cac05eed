import { describe, expect, it } from 'vitest';
import { readCanary } from '../../../test/api/read.js';
import { withStrategy } from '../../../test/api/specs.js';
import { HEADER, MIRROR, routers as read } from '../../../test/traffic/cases.js';
import type { RouterSpec } from '../../routers/routers.js';
import type { CanaryStrategy } from '../spec.js';
import { routingProblems } from './routingProblems.js';

function canary(routers: readonly RouterSpec[], steps: CanaryStrategy['steps'] = []): CanaryStrategy {
  const trafficRouting = { routers, managedRoutes: [], maxTrafficWeight: 100, settleSeconds: 2 };
  return { ...readCanary(withStrategy({ canary: {} })), steps, trafficRouting };
}
const bad = (path: string): RouterSpec => ({
  router: 'template',
  config: { object: { apiVersion: 'a/v1', kind: 'A', spec: { w: '$(canaryWeight)' } }, observedWeight: path },
});

describe('routingProblems', () => {
  it('has nothing to say without traffic routing, nor of routers that can do what the steps ask for', () => {
    expect(routingProblems({ ...canary([]), steps: [] }, 'dynamic-apply')).toEqual([]);
    expect(routingProblems(canary(read({ istio: {} }), [HEADER, MIRROR]), 'dynamic-apply')).toEqual([]);
  });

  it('names the place of the router', () => {
    const problems = routingProblems(canary([bad('$.spec.w'), bad('$.nothing')]), 'dynamic-apply');
    expect(problems.map(({ path }) => path)).toEqual([
      'spec.rolloutStrategy.canary.trafficRouting.template[1].observedWeight',
    ]);
  });

  it('refuses routes that a router lacks or cannot express', () => {
    const routers = [...read({ smi: {} }), ...read({ nginx: { stableIngress: 'a' } })];
    const twice = { ...HEADER, name: 'second' } as typeof HEADER;
    expect(
      routingProblems(canary(routers, [HEADER, MIRROR, twice]), 'dynamic-apply').map(({ problem }) => problem),
    ).toEqual([
      'router smi does not support header routes such as testers',
      'router smi does not support mirror routes such as shadow',
      'router smi does not support header routes such as second',
      'router nginx does not support mirror routes such as shadow',
      'router nginx does not support route second: Ingress NGINX supports only one header route, which is testers',
    ]);
  });

  it('knows how children are applied', () => {
    const rules = [{ name: 'main', backendRefs: [{ name: 'my-app-stable', port: 80 }] }];
    const named = canary(read({ gatewayAPI: { httpRoute: { spec: { rules } } } }));
    expect(routingProblems(named, 'dynamic-apply')).toHaveLength(1);
    expect(routingProblems(named, 'server-side-apply')).toEqual([]);
  });
});
