import type { AnalysisRef, AutoRollback, Spec } from '../../api/spec.js';
import type { RelatedRule } from '../../metacontroller/hook.js';
import type { JsonObject } from '../../schema/json.js';
import { API_VERSION } from '../../schema/names.js';
import { ANALYSIS_LABEL } from '../context.js';
import { secretsOfProvider } from './secrets.js';

const labelled = { matchLabels: { [ANALYSIS_LABEL]: 'true' } } as const;

/**
 * The related objects that analysis needs. They depend only on the spec, because customize is cached per generation:
 * templates by name, Secrets named in the spec and, if templates are used, every object with the analysis label, because
 * the names in a template are not known here. Every namespaced rule names the namespace.
 */
export function relatedFor(spec: Spec, namespace: string): readonly RelatedRule[] {
  const refs = analysesOf(spec);
  const templates = refs.flatMap(ref => ref.templates);
  const named = names(templates.filter(({ clusterScope }) => !clusterScope).map(({ templateName }) => templateName));
  const cluster = names(templates.filter(({ clusterScope }) => clusterScope).map(({ templateName }) => templateName));
  const secrets = names([...refs.flatMap(secretsOfRef), ...healthChecksOf(spec).flatMap(secretsOfCheck)]);
  const template = { apiVersion: API_VERSION, resource: 'analysistemplates', namespace };
  const clusterTemplate = { apiVersion: API_VERSION, resource: 'clusteranalysistemplates' };
  const secret = { apiVersion: 'v1', resource: 'secrets', namespace };
  return [
    ...(named.length > 0 ? [{ ...template, names: named }] : []),
    ...(cluster.length > 0 ? [{ ...clusterTemplate, names: cluster }] : []),
    ...(secrets.length > 0 ? [{ ...secret, names: secrets }] : []),
    ...(templates.length > 0
      ? [template, clusterTemplate, secret].map(rule => ({ ...rule, labelSelector: labelled }))
      : []),
  ];
}

/** Every analysis in a spec. */
export function analysesOf({ strategy }: Spec): readonly AnalysisRef[] {
  switch (strategy.type) {
    case 'Canary': {
      const steps = strategy.steps.flatMap(step => (step.action === 'analysis' ? [step.analysis] : []));
      return [...steps, ...(strategy.analysis ? [strategy.analysis] : [])];
    }
    case 'BlueGreen':
      return [strategy.prePromotionAnalysis, strategy.postPromotionAnalysis].filter(ref => ref !== undefined);
    case 'RollingUpdate':
      return [];
    default:
      return strategy satisfies never;
  }
}

function healthChecksOf({ strategy }: Spec): AutoRollback['healthChecks'] {
  return strategy.autoRollback?.healthChecks ?? [];
}

function secretsOfRef({ args, metrics }: AnalysisRef): readonly string[] {
  return [...args.flatMap(secretsOfArg), ...metrics.flatMap(metric => secretsOfProvider(object(metric['provider'])))];
}

function secretsOfArg(arg: JsonObject): readonly string[] {
  const name = object(object(arg['valueFrom'])['secretKeyRef'])['name'];
  return typeof name === 'string' ? [name] : [];
}

function secretsOfCheck(check: JsonObject): readonly string[] {
  return Object.entries(check).flatMap(([key, config]) =>
    typeof config === 'object' && config !== null && key !== 'http' ? secretsOfProvider({ [key]: config }) : [],
  );
}

function object(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}

function names(all: readonly string[]): readonly string[] {
  return [...new Set(all)].filter(name => !name.includes('{{')).sort();
}
