import { describe, expect, it } from 'vitest';
import { asMap, asWritten, context, target } from '../../../test/traffic/cases.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { JsonObject } from '../../schema/json.js';
import { istio as router } from './istio.js';

const istio = asWritten(router);
const base = context();
const stable = { destination: { host: 'my-app-stable' } };
const canary = { destination: { host: 'my-app-canary' } };
const subset = (name: string, weight: number) => ({ destination: { host: 'my-app', subset: name }, weight });

function observed(spec: JsonObject, config: Parameters<typeof istio.observed>[0] = {}) {
  const metadata = { name: 'my-app', namespace: 'shop' };
  const child = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata, spec };
  return istio.observed(config, { ...base, children: asMap([child]), maxWeight: 100 });
}

describe('an observed VirtualService', () => {
  it.each<[string, JsonObject, object]>([
    ['the only destination has all', { http: [{ route: [canary] }] }, { weight: 100 }],
    [
      'one of several without weight has none',
      { http: [{ route: [canary, { ...stable, weight: 1 }] }] },
      { weight: 0 },
    ],
    [
      'tls and tcp count as http does',
      {
        tls: [
          {
            route: [
              { ...stable, weight: 70 },
              { ...canary, weight: 30 },
            ],
          },
        ],
        tcp: [
          {
            route: [
              { ...stable, weight: 90 },
              { ...canary, weight: 10 },
            ],
          },
        ],
      },
      { weight: 30, agreed: false },
    ],
    [
      'routes of others do not count',
      {
        http: [
          { route: [{ destination: { host: 'a' } }] },
          {
            route: [
              { ...stable, weight: 1 },
              { ...canary, weight: 1 },
            ],
          },
        ],
      },
      { weight: 50, agreed: true },
    ],
    [
      'subsets count, whatever is configured now',
      { http: [{ route: [subset('stable', 60), subset('canary', 40)] }] },
      { weight: 40 },
    ],
    [
      'the canary behind a header is a header route',
      { http: [{ match: [{ headers: { a: { exact: '1' } } }], route: [canary] }, { route: [stable] }] },
      { weight: 0, managedRoutes: ['unnamed header route'] },
    ],
    [
      'the canary behind empty headers is weight',
      { http: [{ match: [{ headers: {} }], route: [canary] }] },
      { weight: 100, managedRoutes: [] },
    ],
    [
      'one of several mirrors to the canary',
      { http: [{ route: [stable], mirrors: [{ destination: { host: 'a' } }, canary] }] },
      { managedRoutes: ['unnamed mirror route'] },
    ],
    [
      'mirrors to others',
      { http: [{ route: [stable], mirror: { host: 'a' }, mirrors: [stable] }] },
      { managedRoutes: [] },
    ],
  ])('%s', (_, spec, expected) => {
    expect(observed(spec)).toMatchObject(expected);
  });

  it('is refused where no route of the configured spec can be split, in whatever protocol', () => {
    const to = (route: object): JsonObject => ({ route: [route] }) as JsonObject;
    const by = (spec: JsonObject) => observed({}, { virtualService: { spec } });
    expect(by({ http: [to({ destination: { host: 'a' } })] })).toHaveProperty('refused');
    expect(by({ http: [to({ destination: { host: 'a' } }), to(stable)] })).not.toHaveProperty('refused');
    expect(by({ tcp: [to(stable)] })).not.toHaveProperty('refused');
    expect(observed({})).not.toHaveProperty('refused');
  });
});

describe('an observed DestinationRule', () => {
  const config = { destinationRule: { stableSubsetName: 'old' } };
  const children = istio.desired(config, target(20), base);
  const [rule, route] = children;
  const observe = (present: readonly KubeObject[]) =>
    istio.observed(config, { ...base, children: asMap(present), maxWeight: 100 });

  it('has the revisions of the two subsets', () => {
    expect(observe(children)).toMatchObject({ agreed: true, stableRevision: 'aaa', canaryRevision: 'bbb' });
    const { subsets } = rule!['spec'] as { subsets: JsonObject[] };
    const spoiled = { ...rule!, spec: { subsets: [subsets[0], { name: 'canary', labels: { a: 'b' } }] } } as KubeObject;
    expect(observe([spoiled, route!])).toMatchObject({ stableRevision: 'aaa' });
    expect(observe([spoiled, route!])).not.toHaveProperty('canaryRevision');
  });

  it('that is missing is named, and nothing is agreed', () => {
    expect(observe([route!])).toMatchObject({
      state: 'present',
      agreed: false,
      missing: ['DestinationRule shop/my-app'],
    });
    expect(observe([])).toEqual({
      state: 'absent',
      missing: ['VirtualService shop/my-app', 'DestinationRule shop/my-app'],
    });
    expect(observe([rule!])).toEqual({ state: 'absent', missing: ['VirtualService shop/my-app'] });
  });

  it('keeps the host that the user wrote, and is used only once both subsets are there', () => {
    const [own] = istio.desired({ destinationRule: { spec: { host: 'my-app.shop' } } }, target(0), base);
    expect(own?.['spec']).toMatchObject({ host: 'my-app.shop' });
    const half = {
      ...rule!,
      spec: { subsets: [(rule!['spec'] as { subsets: JsonObject[] }).subsets[0]] },
    } as KubeObject;
    const hosts = (present: readonly KubeObject[]) =>
      JSON.stringify(istio.desired(config, target(20), context({ children: asMap(present) }))[1]);
    expect(hosts([half])).toContain('"host":"my-app-stable"');
    expect(hosts([rule!])).toContain('"subset":"old"');
  });

  it('splits by host where it is asked to', () => {
    const byHost = { destinationRule: { splitting: 'Host' as const } };
    expect(istio.rootService(byHost)).toBe('stable');
    expect(istio.rootService({})).toBe('stable');
    expect(istio.kinds(byHost)).toEqual([
      'VirtualService.networking.istio.io/v1',
      'DestinationRule.networking.istio.io/v1',
    ]);
    const made = istio.desired(byHost, target(20), base);
    expect(JSON.stringify(istio.desired(byHost, target(20), context({ children: asMap(made) }))[1])).not.toContain(
      'subset',
    );
    expect(istio.observed(byHost, { ...base, children: asMap(made), maxWeight: 100 })).not.toHaveProperty(
      'stableRevision',
    );
  });
});
