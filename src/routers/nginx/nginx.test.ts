import { describe, expect, it } from 'vitest';
import {
  asMap,
  asWritten,
  context,
  HEADER,
  INNER_INGRESS,
  ingress,
  MIRROR,
  PUBLIC_INGRESS,
  target,
} from '../../../test/traffic/cases.js';
import type { ManagedRoute } from '../router.js';
import { nginx as router } from './nginx.js';

const nginx = asWritten(router);
type NginxConfig = Parameters<typeof nginx.desired>[0];

const config: NginxConfig = { stableIngress: 'public' };
const base = context({ related: asMap([PUBLIC_INGRESS, INNER_INGRESS]) });
const annotations = (of: NginxConfig, wanted = target(20), within = base) =>
  nginx.desired(of, wanted, within)[0]?.metadata.annotations;
const P = 'nginx.ingress.kubernetes.io';

describe('a canary Ingress', () => {
  it("copies class, TLS and the paths that point at the stable Service of the user's own", () => {
    expect(nginx.desired(config, target(20), base)).toEqual([
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: {
          name: 'my-app-public-canary',
          namespace: 'shop',
          labels: { 'orchestration.aibrix.io/stormservice': 'my-app' },
          annotations: { [`${P}/canary`]: 'true', [`${P}/canary-weight`]: '20' },
        },
        spec: {
          ingressClassName: 'nginx',
          tls: [{ hosts: ['shop.example.com'], secretName: 'shop-tls' }],
          rules: [
            {
              host: 'shop.example.com',
              http: {
                paths: [
                  {
                    path: '/',
                    pathType: 'Prefix',
                    backend: { service: { name: 'my-app-canary', port: { number: 80 } } },
                  },
                ],
              },
            },
          ],
        },
      },
    ]);
  });

  it('keeps the class annotation', () => {
    expect(annotations({ stableIngress: 'inner' })).toMatchObject({ 'kubernetes.io/ingress.class': 'nginx-inner' });
  });

  it('follows a change of the Ingress', () => {
    const changed = ingress('public', { ingressClassName: 'other', rules: PUBLIC_INGRESS['spec'] as never });
    const rules = (PUBLIC_INGRESS['spec'] as { rules: object[] }).rules.map(rule => ({
      ...rule,
      host: 'new.example.com',
    }));
    const related = asMap([{ ...changed, spec: { ingressClassName: 'other', rules } }]);
    expect(nginx.desired(config, target(20), context({ related }))[0]?.['spec']).toMatchObject({
      ingressClassName: 'other',
      rules: [{ host: 'new.example.com' }],
    });
  });

  it('says the total where it is not 100', () => {
    expect(annotations(config, target(3, { maxWeight: 1000 }))).toMatchObject({
      [`${P}/canary-weight`]: '3',
      [`${P}/canary-weight-total`]: '1000',
    });
  });

  it('has a name of at most 63 characters that no other Ingress shares', () => {
    const names = ['a', 'b'].map(last => {
      const name = `${'x'.repeat(60)}${last}`;
      const related = asMap([{ ...PUBLIC_INGRESS, metadata: { ...PUBLIC_INGRESS.metadata, name } }]);
      return nginx.desired({ stableIngress: name }, target(0), context({ related }))[0]!.metadata.name;
    });
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(63);
  });

  it('asks only for the Ingresses that the spec names, in the namespace of the StormService', () => {
    expect(nginx.related({ stableIngresses: ['a', 'b'] }, base)).toEqual([
      { apiVersion: 'networking.k8s.io/v1', resource: 'ingresses', namespace: 'shop', names: ['a', 'b'] },
    ]);
  });
});

describe('headers and cookies', () => {
  const value = (headerValue: { exact?: string; prefix?: string; regex?: string }): ManagedRoute => ({
    ...HEADER,
    action: 'setHeaderRoute',
    match: [{ headerName: 'X-Canary', headerValue }],
  });

  it.each([
    [{ exact: 'yes' }, { [`${P}/canary-by-header-value`]: 'yes' }],
    [{ prefix: 'v1.' }, { [`${P}/canary-by-header-pattern`]: '^v1\\.' }],
    [{ regex: 'a|b' }, { [`${P}/canary-by-header-pattern`]: '^(?:a|b)$' }],
  ])('a header route by %j', (match, expected) => {
    expect(annotations(config, target(0, { routes: [value(match)] }))).toEqual({
      'orchestration.aibrix.io/managed-routes': 'header:testers',
      [`${P}/canary`]: 'true',
      [`${P}/canary-weight`]: '0',
      [`${P}/canary-by-header`]: 'X-Canary',
      ...expected,
    });
  });

  it("the user's own select nobody before the canary has a share", () => {
    const cookie = { ...config, additionalIngressAnnotations: { 'canary-by-cookie': 'canary', 'limit-rps': '9' } };
    expect(annotations(cookie, target(0))).not.toHaveProperty([`${P}/canary-by-cookie`]);
    expect(annotations(cookie, target(0))).toHaveProperty([`${P}/limit-rps`], '9');
    expect(annotations(cookie, target(1))).toHaveProperty([`${P}/canary-by-cookie`], 'canary');
  });

  it('a selection without weight is reported until it is gone', () => {
    const cookie = { ...config, additionalIngressAnnotations: { 'canary-by-cookie': 'canary' } };
    const [child] = nginx.desired(cookie, target(1), base);
    const edited = {
      ...child!,
      metadata: { ...child!.metadata, annotations: { ...child!.metadata.annotations, [`${P}/canary-weight`]: '0' } },
    };
    expect(nginx.observed(cookie, { ...base, children: asMap([edited]), maxWeight: 100 })).toMatchObject({
      weight: 0,
      managedRoutes: ['canary-by-cookie'],
    });
  });

  it('one header of one route is all that the controller takes', () => {
    const header = HEADER.match[0] as never;
    const two: ManagedRoute = { action: 'setHeaderRoute', name: 'two', match: [header, header] };
    const second: ManagedRoute = { action: 'setHeaderRoute', name: 'second', match: [header] };
    expect(nginx.refusals(config, [HEADER, two, second]).map(({ route }) => route)).toEqual(['two', 'second']);
    expect(nginx.lacks).toContain(MIRROR.action === 'setMirrorRoute' ? 'mirrorRoute' : '');
  });
});

describe('what is observed', () => {
  const observed = (
    of: NginxConfig,
    related: Parameters<typeof asMap>[0],
    children: Parameters<typeof asMap>[0] = [],
  ) => nginx.observed(of, { ...context({ related: asMap(related), children: asMap(children) }), maxWeight: 100 });

  it("names the user's Ingress that is missing", () => {
    expect(observed(config, [])).toEqual({
      state: 'absent',
      missing: ['Ingress shop/public', 'Ingress shop/my-app-public-canary'],
    });
  });

  it('says when the Ingress does not point at the stable Service', () => {
    const elsewhere = ingress('public', { rules: [] });
    expect(nginx.desired(config, target(20), context({ related: asMap([elsewhere]) }))).toEqual([]);
    expect(observed(config, [elsewhere])).toEqual({
      state: 'absent',
      missing: [
        'Ingress shop/my-app-public-canary (Ingress shop/public has no path that points at the Service my-app-stable)',
      ],
    });
  });

  it('is the largest weight of several, agreed only when all are equal', () => {
    const both = { stableIngresses: ['public', 'inner'] };
    const related = [PUBLIC_INGRESS, INNER_INGRESS];
    const [first] = nginx.desired(both, target(20), base);
    const [, second] = nginx.desired(both, target(10), base);
    expect(observed(both, related, [first!, second!])).toMatchObject({ weight: 20, agreed: false });
  });

  it('counts an Ingress that lost its canary annotation as all traffic', () => {
    const [child] = nginx.desired(config, target(20), base);
    const plain = { ...child!, metadata: { ...child!.metadata, annotations: {} } };
    expect(observed(config, [PUBLIC_INGRESS], [plain])).toMatchObject({ weight: 100 });
  });
});
