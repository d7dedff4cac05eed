import { describe, expect, test } from 'vitest';
import { read, readBlueGreen, readCanary } from '../../test/api/read.js';
import { blueGreen, canary, metric, spec, withStrategy } from '../../test/api/specs.js';
import type { BlueGreenStrategy, CanaryStrategy, Spec } from './spec.js';

describe('defaults', () => {
  test('of a template alone', () => {
    const pods = {
      metadata: { labels: { app: 'my-app' } },
      spec: { containers: [{ name: 'web', image: 'nginx:1.27', ports: [{ name: 'http', containerPort: 8080 }] }] },
    };
    expect(read({ template: pods })).toEqual({
      replicas: 1,
      roles: [{ name: '', pods: 1, upgradeOrder: 0, template: pods }],
      template: pods,
      minReadySeconds: 0,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      progressDeadlineAbort: false,
      paused: false,
      service: {
        name: 'my-app',
        ports: [{ name: 'http', port: 8080, targetPort: 'http' }],
        labels: {},
        annotations: {},
      },
      strategy: { type: 'RollingUpdate', maxSurge: '25%', maxUnavailable: '25%' },
      analysisOnFirstDeployment: false,
      analysisHistory: { successful: 5, unsuccessful: 5 },
    } satisfies Spec);
  });

  test('of an empty canary', () => {
    expect(readCanary(canary({}))).toEqual({
      type: 'Canary',
      maxSurge: '25%',
      maxUnavailable: '25%',
      steps: [],
      stableService: 'my-app-stable',
      canaryService: 'my-app-canary',
      dynamicStableScale: false,
      scaleDownDelaySeconds: 30,
      abortScaleDownDelaySeconds: 30,
      minPodsPerReplicaSet: 1,
      canaryMetadata: { labels: {}, annotations: {} },
      stableMetadata: { labels: {}, annotations: {} },
      rollbackWindow: 0,
    } satisfies CanaryStrategy);
  });

  test('of an empty blueGreen', () => {
    expect(readBlueGreen(blueGreen({}))).toEqual({
      type: 'BlueGreen',
      activeService: 'my-app-active',
      previewService: 'my-app-preview',
      autoPromotionEnabled: true,
      autoPromotionSeconds: 0,
      scaleDownDelaySeconds: 30,
      abortScaleDownDelaySeconds: 30,
      previewMetadata: { labels: {}, annotations: {} },
      activeMetadata: { labels: {}, annotations: {} },
      rollbackWindow: 0,
      settleSeconds: 2,
    } satisfies BlueGreenStrategy);
  });

  test('of traffic routing and of an empty autoRollback', () => {
    const strategy = readCanary(withStrategy({ canary: { trafficRouting: { smi: {} } }, autoRollback: {} }));
    expect(strategy.trafficRouting).toEqual({
      routers: [
        {
          router: 'smi',
          config: { rootService: 'my-app', trafficSplitName: 'my-app', apiVersion: 'split.smi-spec.io/v1alpha1' },
        },
      ],
      managedRoutes: [],
      maxTrafficWeight: 100,
      settleSeconds: 2,
    });
    expect(strategy.autoRollback).toEqual({
      enabled: true,
      onAnalysisFailure: true,
      onHealthCheckFailure: true,
      healthChecks: [],
      bakeSeconds: 0,
    });
  });

  test('names over 63 characters are shortened, not refused', () => {
    const strategy = read(blueGreen({}), 'a'.repeat(60)).strategy as BlueGreenStrategy;
    expect(strategy.previewService).toHaveLength(63);
    expect(strategy.previewService).not.toBe(strategy.activeService);
  });
});

describe('strategy', () => {
  test.each([
    [undefined, 'RollingUpdate'],
    [{}, 'RollingUpdate'],
    [{ type: 'RollingUpdate' }, 'RollingUpdate'],
    [{ rollingUpdate: { maxSurge: 1 } }, 'RollingUpdate'],
    [{ canary: {} }, 'Canary'],
    [{ type: 'Canary', canary: {} }, 'Canary'],
    [{ blueGreen: {} }, 'BlueGreen'],
  ])('%j is %s', (rolloutStrategy, type) => {
    expect(read(rolloutStrategy === undefined ? spec() : withStrategy(rolloutStrategy)).strategy.type).toBe(type);
  });

  test('bounds of which one is 0', () => {
    expect(readCanary(canary({ maxSurge: 0 }))).toMatchObject({ maxSurge: 0, maxUnavailable: '25%' });
    expect(readCanary(canary({ maxSurge: '0%', maxUnavailable: 1 }))).toMatchObject({
      maxSurge: '0%',
      maxUnavailable: 1,
    });
  });

  test('analysis around a promotion, with all that Argo has', () => {
    const analysis = {
      metrics: [metric({ interval: '30s', count: 5, failureLimit: -1, consecutiveSuccessLimit: 2 })],
      dryRun: [{ metricName: '*' }],
      measurementRetention: [{ metricName: 'errors', limit: 5 }],
    };
    expect(readBlueGreen(blueGreen({ prePromotionAnalysis: analysis })).prePromotionAnalysis).toEqual({
      templates: [],
      args: [],
      metrics: analysis.metrics,
      dryRun: ['*'],
      measurementRetention: analysis.measurementRetention,
    });
  });

  test('health checks in all forms', () => {
    const query = { address: 'http://prometheus:9090', query: 'up' };
    const healthChecks = [
      { name: 'alive', http: { url: 'http://my-app/healthz' } },
      {
        name: 'made',
        http: { url: 'http://my-app', method: 'POST', expectedStatus: [201] },
        interval: '1m',
        timeout: 2,
      },
      { name: 'up', prometheus: query, successCondition: 'result[0] > 0', failureThreshold: 1 },
    ];
    const { autoRollback } = read(
      withStrategy({
        canary: {},
        autoRollback: { onTimeout: '1h', onFailure: { errorThreshold: '10%' }, healthChecks },
      }),
    ).strategy;
    expect(autoRollback).toMatchObject({ timeoutSeconds: 3600, errorThreshold: '10%' });
    expect(autoRollback?.healthChecks).toEqual([
      {
        name: 'alive',
        http: { url: 'http://my-app/healthz', method: 'GET', expectedStatus: [200] },
        interval: 10,
        timeout: 5,
        failureThreshold: 3,
      },
      { ...healthChecks[1], interval: 60, timeout: 2, failureThreshold: 3 },
      { ...healthChecks[2], interval: 10, timeout: 5 },
    ]);
  });
});
