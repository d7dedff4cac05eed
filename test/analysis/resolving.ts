/** Analyses with templates, and what becomes of them. */
import { ANALYSIS_TEMPLATE, type AnalysisContext, CLUSTER_ANALYSIS_TEMPLATE } from '../../src/analysis/context.js';
import { resolveAnalysis } from '../../src/analysis/templates/resolve.js';
import type { AnalysisRef } from '../../src/api/spec.js';
import type { KubeObject } from '../../src/metacontroller/object.js';

export const parent: KubeObject = {
  apiVersion: 'orchestration.aibrix.io/v1alpha1',
  kind: 'StormService',
  metadata: { name: 'app', namespace: 'shop', uid: 'u1', labels: { 'team/name': 'serving', region: 'eu' } },
  spec: { template: { spec: { containers: [{ image: 'app:2' }] } }, replicas: 3 },
};

export function template(name: string, spec: object, namespace: string | undefined = 'shop'): KubeObject {
  return {
    apiVersion: parent.apiVersion,
    kind: namespace === undefined ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate',
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    spec,
  };
}

export function context(namespaced: readonly KubeObject[], cluster: readonly KubeObject[] = []): AnalysisContext {
  const group = (objects: readonly KubeObject[]) =>
    Object.fromEntries(objects.map(object => [`${object.metadata.namespace}/${object.metadata.name}`, object]));
  return {
    parent,
    related: { [ANALYSIS_TEMPLATE]: group(namespaced), [CLUSTER_ANALYSIS_TEMPLATE]: group(cluster) },
    stableRevision: 'old1',
    latestRevision: 'new2',
  };
}

export const prometheus = (query: string) => ({ prometheus: { address: 'http://p:9090', query } });

export const none: AnalysisRef = { templates: [], args: [], metrics: [] };
export const use = (name: string, more: Partial<AnalysisRef> = {}): AnalysisRef => ({
  ...none,
  templates: [{ templateName: name, clusterScope: false }],
  ...more,
});

export function problems(ref: AnalysisRef, seen: AnalysisContext) {
  const resolved = resolveAnalysis(ref, seen, 'analysis');
  return resolved.ok ? [] : resolved.problems;
}

export function metrics(ref: AnalysisRef, seen: AnalysisContext) {
  const resolved = resolveAnalysis(ref, seen, 'analysis');
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
  return resolved.value.metrics;
}
