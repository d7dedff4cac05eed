/** What authors write into templates is read by every sync: it is counted before it is read. */
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../metacontroller/object.js';
import type { JsonObject } from '../../schema/json.js';
import { API_VERSION } from '../../schema/names.js';
import { ANALYSIS_TEMPLATE, type AnalysisContext } from '../context.js';
import { resolveAnalysis } from './resolve.js';

const many = <Item>(count: number, item: (index: number) => Item) => Array.from({ length: count }, (_, i) => item(i));
const metric = (index: number, more: JsonObject = {}): JsonObject => ({
  name: `m${index}`,
  provider: { prometheus: { address: 'http://p:9090', query: 'up' } },
  ...more,
});
const parent: KubeObject = {
  apiVersion: API_VERSION,
  kind: 'StormService',
  metadata: { name: 'app', namespace: 'shop' },
};

/** `specs` by name; the analysis uses all of them. */
function problemsOf(specs: Readonly<Record<string, JsonObject>>): readonly string[] {
  const templates = Object.entries(specs).map(([name, spec]) => ({
    apiVersion: API_VERSION,
    kind: 'AnalysisTemplate',
    metadata: { name, namespace: 'shop' },
    spec,
  }));
  const context: AnalysisContext = {
    parent,
    related: { [ANALYSIS_TEMPLATE]: Object.fromEntries(templates.map(each => [`shop/${each.metadata.name}`, each])) },
    stableRevision: 'old',
    latestRevision: 'new',
  };
  const refs = Object.keys(specs).map(templateName => ({ templateName, clusterScope: false }));
  const resolved = resolveAnalysis({ templates: refs, args: [], metrics: [] }, context, 'analysis');
  return resolved.ok ? [] : resolved.problems.map(({ path, problem }) => `${path}: ${problem}`);
}

describe('templates together', () => {
  const half = (count: number) => ({ metrics: many(count, metric) });
  const other = (count: number) => ({ metrics: many(count, index => metric(100 + index)) });
  const rules = (count: number) => many(count, () => ({ metricName: '.*m.*', limit: 2 }));

  it('have at most 50 metrics', () => {
    expect(problemsOf({ a: half(25), b: other(25) })).toEqual([]);
    expect(problemsOf({ a: half(25), b: other(26) })).toEqual(['analysis.metrics: there are 51 metrics']);
  });

  it.each(['dryRun', 'measurementRetention'])('have at most 50 rules: %s', field => {
    expect(problemsOf({ a: { ...half(1), [field]: rules(50) } })).toEqual([]);
    expect(problemsOf({ a: { ...half(1), [field]: rules(25) }, b: { ...other(1), [field]: rules(26) } })).toEqual([
      `analysis.${field}: there are 51 ${field}`,
    ]);
  });

  it('have conditions that compile in little time', () => {
    const long = (index: number) =>
      metric(index, { successCondition: `result > ${1000 + index}${' || true'.repeat(120)}` });
    expect(problemsOf({ a: { metrics: many(16, long) } })).toEqual([]);
    expect(problemsOf({ a: { metrics: many(17, long) } })).toEqual([
      'analysis.metrics: the conditions of all metrics together have 16541 characters',
    ]);
  });
});

describe('one template', () => {
  it('has at most 2,000 values', () => {
    const jsonBody = many(3, () => many(700, () => []));
    const provider = { web: { url: 'http://p', method: 'POST', jsonBody } };
    expect(problemsOf({ a: { metrics: [metric(0, { provider })] } })).toEqual([
      'AnalysisTemplate/a.spec: it has more than 2,000 values',
    ]);
  });

  it('names at most 50 others, each of which is read once', () => {
    const refs = (count: number) => many(count, () => ({ templateName: 'a' }));
    expect(problemsOf({ a: { metrics: [metric(0)], templates: refs(50) } })).toEqual([]);
    expect(problemsOf({ a: { metrics: [metric(0)], templates: refs(51) } })).toEqual([
      'AnalysisTemplate/a.spec.templates: there are 51 templates',
    ]);
  });
});
