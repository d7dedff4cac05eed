import { describe, expect, it } from 'vitest';
import { asMap, asWritten, context, target } from '../../../test/traffic/cases.js';
import { traefik as router } from './traefik.js';

const traefik = asWritten(router);

const base = context();

describe('traefik', () => {
  it('keeps the canary in a TraefikService of its own', () => {
    const children = traefik.desired({}, target(20), base);
    expect(children.map(({ metadata, spec }) => [metadata.name, spec])).toEqual([
      ['my-app-canary', { weighted: { services: [{ kind: 'Service', name: 'my-app-canary', port: 80, weight: 1 }] } }],
      [
        'my-app',
        {
          weighted: {
            services: [
              { kind: 'Service', name: 'my-app-stable', port: 80, weight: 80 },
              { kind: 'TraefikService', name: 'my-app-canary', weight: 20 },
            ],
          },
        },
      ],
    ]);
  });

  it('does not name a canary without weight: it may have no endpoints, and Traefik would drop the whole route', () => {
    const [, outer] = traefik.desired({}, target(0), base);
    expect(outer?.['spec']).toEqual({
      weighted: { services: [{ kind: 'Service', name: 'my-app-stable', port: 80, weight: 100 }] },
    });
  });

  it('takes the first port, or the one that is configured', () => {
    const ports = [{ port: 8000 }, { port: 9000, name: 'admin' }];
    const port = (config: object) => JSON.stringify(traefik.desired(config, target(0), context({ ports })));
    expect(port({})).toContain('"port":8000');
    expect(port({ traefikService: { port: 'admin' } })).toContain('"port":"admin"');
  });

  it('knows neither headers nor mirrors', () => {
    expect(traefik.lacks).toEqual(['headerRoute', 'mirrorRoute']);
  });

  it('counts a weight that is not written as 1', () => {
    const services = [
      { name: 'my-app-stable', port: 80 },
      { name: 'my-app-canary', port: 80 },
    ];
    const edited = {
      apiVersion: 'traefik.io/v1alpha1',
      kind: 'TraefikService',
      metadata: { name: 'my-app', namespace: 'shop' },
      spec: { weighted: { services } },
    };
    expect(traefik.observed({}, { ...base, children: asMap([edited]), maxWeight: 100 })).toMatchObject({ weight: 50 });
  });
});

describe('an observed TraefikService', () => {
  const service = (name: string, services: readonly object[]) => ({
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'TraefikService',
    metadata: { name, namespace: 'shop' },
    spec: { weighted: { services } },
  });
  const observe = (...children: Parameters<typeof asMap>[0]) =>
    traefik.observed({ traefikService: { name: 'web' } }, { ...base, children: asMap(children), maxWeight: 100 });
  const inner = service('web-canary', []);

  it.each([
    [
      'by the TraefikService of the canary',
      [
        { name: 'my-app-stable', weight: 3 },
        { name: 'web-canary', weight: 1 },
      ],
      25,
    ],
    [
      'by its Service',
      [
        { name: 'my-app-stable', weight: 1 },
        { name: 'my-app-canary', weight: 1 },
      ],
      50,
    ],
    [
      'by neither',
      [
        { name: 'my-app-stable', weight: 1 },
        { name: 'other', weight: 9 },
      ],
      0,
    ],
  ])('names the canary %s', (_, services, weight) => {
    expect(observe(service('web', services), inner)).toMatchObject({ weight, agreed: true });
  });

  it('agrees on nothing without its canary, which carries no weight itself', () => {
    expect(observe(service('web', []))).toMatchObject({ agreed: false, missing: ['TraefikService shop/web-canary'] });
    expect(observe(inner)).toMatchObject({ state: 'present', weight: 0, missing: ['TraefikService shop/web'] });
  });
});

it('the port is 80 where the Services have none', () => {
  expect(JSON.stringify(traefik.desired({}, target(0), context({ ports: [] })))).toContain('"port":80');
  expect(traefik.kinds({})).toEqual(['TraefikService.traefik.io/v1alpha1']);
});
