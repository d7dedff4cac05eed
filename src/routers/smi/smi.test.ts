import { describe, expect, it } from 'vitest';
import { asMap, asWritten, context, target } from '../../../test/traffic/cases.js';
import { smi as router } from './smi.js';

const smi = asWritten(router);

const base = context();

describe('smi', () => {
  it('splits the root Service, with quantities in v1alpha1', () => {
    expect(smi.desired({}, target(20), base)).toEqual([
      {
        apiVersion: 'split.smi-spec.io/v1alpha1',
        kind: 'TrafficSplit',
        metadata: {
          name: 'my-app',
          namespace: 'shop',
          labels: { 'orchestration.aibrix.io/stormservice': 'my-app' },
        },
        spec: {
          service: 'my-app',
          backends: [
            { service: 'my-app-stable', weight: '80' },
            { service: 'my-app-canary', weight: '20' },
          ],
        },
      },
    ]);
  });

  it('with whole numbers since, and names as configured', () => {
    const config = { rootService: 'web', trafficSplitName: 'split', apiVersion: 'split.smi-spec.io/v1alpha4' } as const;
    expect(smi.kinds(config)).toEqual(['TrafficSplit.split.smi-spec.io/v1alpha4']);
    expect(smi.desired(config, target(20), base)).toMatchObject([
      { metadata: { name: 'split' }, spec: { service: 'web', backends: [{ weight: 80 }, { weight: 20 }] } },
    ]);
  });

  it('knows neither headers nor mirrors', () => {
    expect(smi.lacks).toEqual(['headerRoute', 'mirrorRoute']);
  });

  it.each([
    [
      [
        ['my-app-stable', '900m'],
        ['my-app-canary', '100m'],
      ],
      10,
    ],
    [
      [
        ['my-app-stable', '1'],
        ['my-app-canary', '500m'],
      ],
      34,
    ],
    [
      [
        ['my-app-stable', 1000],
        ['my-app-canary', 500],
      ],
      34,
    ],
    [[['my-app-stable', 80]], 0],
    [[['my-app-canary', 1]], 100],
    [[], 0],
    [
      [
        ['my-app-stable', 'x'],
        ['my-app-canary', 'xm'],
        ['my-app-canary', 'm'],
      ],
      0,
    ],
    [
      [
        ['my-app-stable', 1],
        ['other', 1],
      ],
      0,
    ],
  ])('reads %j as %d per cent', (backends, weight) => {
    const split = {
      apiVersion: 'split.smi-spec.io/v1alpha1',
      kind: 'TrafficSplit',
      metadata: { name: 'my-app', namespace: 'shop' },
      spec: { backends: backends.map(([service, each]) => ({ service, weight: each })) },
    };
    expect(smi.observed({}, { ...base, children: asMap([split]), maxWeight: 100 })).toMatchObject({ weight });
  });
});
