import { describe, expect, test } from 'vitest';
import type { AnalysisRef, CanaryStrategy, Spec, Strategy } from '../../api/spec.js';
import { relatedFor } from './related.js';

const noMetadata = { labels: {}, annotations: {} };
const canary: CanaryStrategy = {
  type: 'Canary',
  maxSurge: 1,
  maxUnavailable: 0,
  steps: [],
  stableService: 's',
  canaryService: 'c',
  dynamicStableScale: false,
  scaleDownDelaySeconds: 30,
  abortScaleDownDelaySeconds: 30,
  minPodsPerReplicaSet: 1,
  canaryMetadata: noMetadata,
  stableMetadata: noMetadata,
  rollbackWindow: 0,
};

const spec = (strategy: Strategy) => ({ strategy }) as Spec;
const ref = (more: Partial<AnalysisRef>): AnalysisRef => ({ templates: [], args: [], metrics: [], ...more });
const label = { labelSelector: { matchLabels: { 'orchestration.aibrix.io/analysis': 'true' } } };
const template = { apiVersion: 'orchestration.aibrix.io/v1alpha1', resource: 'analysistemplates', namespace: 'shop' };
const cluster = { apiVersion: 'orchestration.aibrix.io/v1alpha1', resource: 'clusteranalysistemplates' };
const secret = { apiVersion: 'v1', resource: 'secrets', namespace: 'shop' };

describe('what analysis asks customize for', () => {
  test('nothing without analysis', () => {
    expect(relatedFor(spec(canary), 'shop')).toEqual([]);
    expect(relatedFor(spec({ type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0 }), 'shop')).toEqual([]);
  });

  test('templates by name, each once, and whatever has the label', () => {
    const one = { templateName: 'one', clusterScope: false };
    const step = {
      action: 'analysis',
      analysis: ref({ templates: [one, { templateName: 'two', clusterScope: true }] }),
    } as const;
    const strategy = { ...canary, steps: [step, step], analysis: { ...ref({ templates: [one] }), startingStep: 0 } };
    expect(relatedFor(spec(strategy), 'shop')).toEqual([
      { ...template, names: ['one'] },
      { ...cluster, names: ['two'] },
      { ...template, ...label },
      { ...cluster, ...label },
      { ...secret, ...label },
    ]);
  });

  test('of Secrets only those that the spec names, where there are no templates', () => {
    const analysis = ref({
      args: [{ name: 't', valueFrom: { secretKeyRef: { name: 'token', key: 'k' } } }],
      metrics: [{ name: 'm', provider: { datadog: { query: 'q', secretRef: { name: 'dd' } } } }],
    });
    const autoRollback = {
      enabled: true,
      onAnalysisFailure: true,
      onHealthCheckFailure: true,
      bakeSeconds: 0,
      healthChecks: [
        { name: 'h', interval: 10, newRelic: { query: 'q', profile: 'nr' } },
        { name: 'e', http: { url: 'http://x' } },
      ],
    };
    const strategy = { ...canary, steps: [{ action: 'analysis', analysis } as const], autoRollback };
    expect(relatedFor(spec(strategy), 'shop')).toEqual([{ ...secret, names: ['dd', 'nr', 'token'] }]);
  });

  test('both analyses of blue-green', () => {
    const analysis = (templateName: string) => ref({ templates: [{ templateName, clusterScope: false }] });
    const blueGreen: Strategy = {
      type: 'BlueGreen',
      activeService: 'a',
      previewService: 'p',
      autoPromotionEnabled: true,
      autoPromotionSeconds: 0,
      scaleDownDelaySeconds: 30,
      abortScaleDownDelaySeconds: 30,
      prePromotionAnalysis: analysis('pre'),
      postPromotionAnalysis: analysis('post'),
      previewMetadata: noMetadata,
      activeMetadata: noMetadata,
      rollbackWindow: 0,
      settleSeconds: 2,
    };
    expect(relatedFor(spec(blueGreen), 'shop')[0]).toEqual({ ...template, names: ['post', 'pre'] });
  });

  test('every rule for a namespaced kind names the namespace', () => {
    const strategy = {
      ...canary,
      analysis: { ...ref({ templates: [{ templateName: 'a', clusterScope: false }] }), startingStep: 0 },
    };
    const open = relatedFor(spec(strategy), 'shop').filter(({ namespace }) => namespace === undefined);
    expect(open.map(({ resource }) => resource)).toEqual(['clusteranalysistemplates']);
  });
});
