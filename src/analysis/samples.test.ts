import { readdirSync, readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { checkAnalysisTemplate } from '../api/analysis/analysisTemplate.js';
import { readSpec } from '../api/readSpec.js';
import type { KubeObject } from '../metacontroller/object.js';
import { Place } from '../schema/place.js';
import type { Problem } from '../schema/problem.js';
import { ANALYSIS_LABEL, ANALYSIS_TEMPLATE, type AnalysisContext, CLUSTER_ANALYSIS_TEMPLATE } from './context.js';
import { resolveHealthChecks } from './healthChecks.js';
import { evaluate } from './runs/evaluate.js';
import { startRun } from './runs/start.js';
import { analysesOf } from './templates/related.js';
import { resolveAnalysis } from './templates/resolve.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const presets = ['samples/analysis/vllm.yaml', 'samples/analysis/sglang.yaml'];
const rollouts = [
  'canary-analysis',
  'auto-rollback-health-checks',
  'blue-green-analysis',
  'canary-datadog',
  'canary-web-analysis',
].map(name => `samples/rollout/${name}.yaml`);

function load(file: string): readonly KubeObject[] {
  return loadAll(readFileSync(file, 'utf8')).filter(
    (object): object is KubeObject => typeof object === 'object' && object !== null,
  );
}

function seeing(parent: KubeObject, objects: readonly KubeObject[]): AnalysisContext {
  const group = (kind: string) =>
    Object.fromEntries(objects.filter(object => object.kind === kind).map(object => [object.metadata.name, object]));
  return {
    parent: { ...parent, metadata: { ...parent.metadata, namespace: 'shop', uid: 'u' } },
    related: {
      [ANALYSIS_TEMPLATE]: Object.fromEntries(
        Object.entries(group('AnalysisTemplate')).map(([name, object]) => [
          name,
          { ...object, metadata: { name, namespace: 'shop' } },
        ]),
      ),
      [CLUSTER_ANALYSIS_TEMPLATE]: group('ClusterAnalysisTemplate'),
    },
    stableRevision: 'old',
    latestRevision: 'new1234567',
  };
}

const app: KubeObject = { apiVersion: 'v1', kind: 'StormService', metadata: { name: 'llm' } };

test('every file of presets is covered', () => {
  expect(
    readdirSync('samples/analysis')
      .map(name => `samples/analysis/${name}`)
      .sort(),
  ).toEqual([...presets].sort());
});

describe.each(presets)('%s', file => {
  const templates = load(file);

  test.each(templates.map(template => [template.metadata.name, template] as const))(
    '%s runs as it is',
    (name, template) => {
      const problems: Problem[] = [];
      checkAnalysisTemplate(template['spec'] as never, new Place('spec', problems));
      expect(problems).toEqual([]);
      expect(template.metadata.labels).toEqual({ [ANALYSIS_LABEL]: 'true' });
      const ref = { templates: [{ templateName: name, clusterScope: true }], args: [], metrics: [] };
      const resolved = resolveAnalysis(ref, seeing(app, templates), 'analysis');
      if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
      expect(startRun({ kind: 'step', revision: 'r', step: 0 }, resolved.value, [], NOW, 'analysis').ok).toBe(true);
      for (const metric of resolved.value.metrics) {
        expect(JSON.stringify(metric.provider)).toContain('pod=~\\"llm-(.+-)?new1234567-.+\\"');
        expect(evaluate(metric, [0.001]).phase).toBe('Successful');
        expect(evaluate(metric, [1000]).phase).toBe('Failed');
        expect(evaluate(metric, [Number.NaN]).phase).toBe('Inconclusive');
        expect(evaluate(metric, []).phase).toBe('Inconclusive');
      }
    },
  );

  test('the one that names all others takes their limits as args', () => {
    const engine = templates[0]?.metadata.name.split('-')[0];
    const ref = {
      templates: [{ templateName: `${engine}-serving`, clusterScope: true }],
      args: [
        { name: 'ttftSeconds', value: '0.3' },
        { name: 'window', value: '10m' },
      ],
      metrics: [],
    };
    const resolved = resolveAnalysis(ref, seeing(app, templates), 'analysis');
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
    expect(resolved.value.metrics.map(({ name }) => name)).toEqual([
      'time-to-first-token',
      'time-per-output-token',
      'queue-depth',
      'error-rate',
      'kv-cache-use',
    ]);
    expect(resolved.value.metrics[0]?.successCondition).toBe('size(result) > 0 && result[0] <= 0.3');
    expect(resolved.value.metrics.every(({ provider }) => JSON.stringify(provider).includes('[10m]'))).toBe(true);
  });
});

describe.each(rollouts)('%s', file => {
  const objects = load(file);
  const parent = objects.find(({ kind }) => kind === 'StormService') ?? app;
  const context = seeing(parent, objects);
  const spec = readSpec(parent['spec'], {
    name: parent.metadata.name,
    namespace: 'shop',
    applyStrategy: 'dynamic-apply',
  });

  test('is valid, and everything that it measures can be measured', () => {
    if (!spec.ok) throw new Error(JSON.stringify(spec.problems));
    const refs = analysesOf(spec.value);
    const checks = spec.value.strategy.autoRollback?.healthChecks ?? [];
    expect(refs.length + checks.length).toBeGreaterThan(0);
    for (const ref of refs) expect(resolveAnalysis(ref, context, 'analysis')).toMatchObject({ ok: true });
    expect(resolveHealthChecks(checks)).toMatchObject({ ok: true });
  });
});
