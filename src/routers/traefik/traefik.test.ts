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
