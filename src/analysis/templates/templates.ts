/** The templates of an analysis and their contents. */

import type { AnalysisRef } from '../../api/spec.js';
import { checkSize, MAX_TEMPLATE_VALUES } from '../../api/specSize.js';
import type { JsonObject } from '../../schema/json.js';
import { Place } from '../../schema/place.js';
import type { Problem, Result } from '../../schema/problem.js';
import { show } from '../../schema/show.js';
import { ANALYSIS_LABEL, ANALYSIS_TEMPLATE, type AnalysisContext, CLUSTER_ANALYSIS_TEMPLATE } from '../context.js';

/** The spec of a template, or an inline analysis. */
export interface AnalysisSpec {
  /** `AnalysisTemplate/success-rate.spec`, or the path of the analysis in the StormService. */
  readonly path: string;
  readonly metrics: readonly JsonObject[];
  readonly args: readonly JsonObject[];
  readonly dryRun: readonly JsonObject[];
  readonly measurementRetention: readonly JsonObject[];
}

type TemplateRef = AnalysisRef['templates'][number];

const MAX_TEMPLATES = 50;

/** All referenced templates, including nested ones, each once, in order of reference. */
export function collectTemplates(
  refs: readonly TemplateRef[],
  context: AnalysisContext,
  path: string,
): Result<readonly AnalysisSpec[]> {
  const problems: Problem[] = [];
  const found = new Map<string, AnalysisSpec>();
  const pending = refs.map((ref, index) => ({ ref, place: new Place(path, problems).at('templates', index) }));
  // Grows while it is read.
  for (const { ref, place } of pending) {
    if (problems.length > 0) break;
    const key = `${ref.clusterScope ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate'}/${ref.templateName}`;
    if (found.has(key)) continue;
    const spec = find(ref, context);
    if (spec === undefined) refuseMissing(ref, key, place);
    else if (found.size === MAX_TEMPLATES) place.refuse(`more than ${MAX_TEMPLATES} templates are used`, 'use fewer');
    else {
      const inside = new Place(`${key}.spec`, problems);
      checkSize(spec, MAX_TEMPLATE_VALUES, inside);
      found.set(key, templateOf(spec, inside.path));
      pending.push(...nested(spec, inside));
    }
  }
  return problems.length === 0 ? { ok: true, value: [...found.values()] } : { ok: false, problems };
}

function find(
  { templateName, clusterScope }: TemplateRef,
  { parent, related }: AnalysisContext,
): JsonObject | undefined {
  const group = related[clusterScope ? CLUSTER_ANALYSIS_TEMPLATE : ANALYSIS_TEMPLATE] ?? {};
  const template = Object.values(group).find(
    ({ metadata }) =>
      metadata.name === templateName && (clusterScope || metadata.namespace === parent.metadata.namespace),
  );
  const spec = template?.['spec'];
  return typeof spec === 'object' && spec !== null ? (spec as JsonObject) : undefined;
}

function refuseMissing({ templateName, clusterScope }: TemplateRef, key: string, place: Place): void {
  const where = clusterScope ? 'the cluster' : 'this namespace';
  const labelled = place.path.includes('Template/') ? ` with the label ${ANALYSIS_LABEL}: "true"` : '';
  place.refuse(
    `there is no ${key.split('/')[0]} ${show(templateName)} in ${where}${labelled && ', or it lacks its label'}`,
    `apply ${key}${labelled}, or correct the name`,
  );
}

function nested(spec: JsonObject, place: Place): { readonly ref: TemplateRef; readonly place: Place }[] {
  const refs = objects(spec['templates']);
  if (refs.length > MAX_TEMPLATES) {
    place.at('templates').refuse(`there are ${refs.length} templates`, `use at most ${MAX_TEMPLATES}`);
    return [];
  }
  return refs.map((ref, index) => ({
    ref: { templateName: String(ref['templateName'] ?? ''), clusterScope: ref['clusterScope'] === true },
    place: place.at('templates', index),
  }));
}

function templateOf(spec: JsonObject, path: string): AnalysisSpec {
  return {
    path,
    metrics: objects(spec['metrics']),
    args: objects(spec['args']),
    dryRun: objects(spec['dryRun']),
    measurementRetention: objects(spec['measurementRetention']),
  };
}

function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'object' && item !== null) : [];
}
