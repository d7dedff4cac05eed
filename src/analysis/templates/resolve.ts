/** Resolves an analysis as written to measurable metrics. */

import type { AnalysisRef } from '../../api/spec.js';
import { checkTotalLength } from '../../condition/checkConditions.js';
import type { JsonObject } from '../../schema/json.js';
import { Place } from '../../schema/place.js';
import type { Problem, Result } from '../../schema/problem.js';
import { show } from '../../schema/show.js';
import type { SecretArg } from '../../status/analysisRuns.js';
import type { AnalysisContext } from '../context.js';
import { type Metric, readMetric } from '../metric.js';
import { resolveArgs } from './args.js';
import { checkRaw, type Filling, fillArgs, fillingWith, usedSecrets } from './fillArgs.js';
import { namePattern } from './namePattern.js';
import { type AnalysisSpec, collectTemplates } from './templates.js';

export interface Resolved {
  /** In order, templates first. Never empty, with unique names. */
  readonly metrics: readonly Metric[];
  /** Secret args that the metrics' providers refer to. */
  readonly secrets: readonly SecretArg[];
}

/** Metrics of all templates together, and rules about them: what one of them takes, all others of the hook wait for. */
const MAX_METRICS = 50;
const MAX_RULES = 50;

/**
 * All metrics of an analysis with their args filled in, except those from Secrets. Problems name the template and the
 * metric. `path` is the place of the analysis in the StormService.
 */
export function resolveAnalysis(ref: AnalysisRef, context: AnalysisContext, path: string): Result<Resolved> {
  const templates = collectTemplates(ref.templates, context, path);
  if (!templates.ok) return templates;
  const all = [...templates.value, inline(ref, path)];
  const tooLarge = tooMuch(all, path);
  if (tooLarge.length > 0) return { ok: false, problems: tooLarge };
  const args = resolveArgs(
    { args: ref.args, path: `${path}.args` },
    templates.value.map(template => ({ args: template.args, path: `${template.path}.args` })),
    context,
  );
  if (!args.ok) return args;
  const problems: Problem[] = [];
  checkRaw(ref.args, templates.value, new Place(`${path}.args`, problems));
  const filling = fillingWith(args.value);
  const metrics = all.flatMap(template => metricsOf(template, filling, problems));
  checkNames(metrics, new Place(`${path}.metrics`, problems));
  if (problems.length > 0) return { ok: false, problems };
  const ruled = applyRules(metrics, all, problems);
  const secrets = usedSecrets(all, args.value.secrets, problems);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { metrics: ruled, secrets } };
}

/** Before any of it is read. */
function tooMuch(all: readonly AnalysisSpec[], path: string): readonly Problem[] {
  const place = new Place(path, []);
  for (const [field, limit] of [
    ['metrics', MAX_METRICS],
    ['dryRun', MAX_RULES],
    ['measurementRetention', MAX_RULES],
  ] as const) {
    const count = all.reduce((sum, spec) => sum + spec[field].length, 0);
    if (count > limit)
      place.at(field).refuse(`there are ${count} ${field}`, `use at most ${limit} in all templates together`);
  }
  checkTotalLength(
    all.flatMap(({ metrics }) => metrics),
    place.at('metrics'),
  );
  return place.problems;
}

/** The analysis itself in the form of a template: its args say which of them are raw in its own metrics. */
function inline(ref: AnalysisRef, path: string): AnalysisSpec {
  const { dryRun = [], measurementRetention = [] } = ref;
  return {
    path,
    metrics: ref.metrics,
    args: ref.args,
    dryRun: dryRun.map(metricName => ({ metricName })),
    measurementRetention: measurementRetention.map(rule => ({ ...rule })),
  };
}

function metricsOf(template: AnalysisSpec, filling: Filling, problems: Problem[]): readonly Metric[] {
  const place = new Place(`${template.path}.metrics`, problems);
  return template.metrics.flatMap((raw, index) => {
    const filled = fillArgs(raw, template, filling, place.at(index));
    const metric = filled && readMetric(filled, place.at(index).path);
    if (metric?.ok === false) problems.push(...metric.problems);
    return metric?.ok ? [metric.value] : [];
  });
}

function checkNames(metrics: readonly Metric[], place: Place): void {
  const names = new Set<string>();
  for (const { name } of metrics) {
    if (names.has(name)) place.refuse(`two metrics are named ${show(name)}`, 'rename one of them');
    names.add(name);
  }
}

function applyRules(
  metrics: readonly Metric[],
  templates: readonly AnalysisSpec[],
  problems: Problem[],
): readonly Metric[] {
  if (metrics.length === 0) {
    const path = templates.at(-1)?.path ?? '';
    problems.push({
      path,
      problem: 'there is nothing to measure',
      remedy: 'add metrics, or templates that contain metrics',
    });
  }
  return templates.reduce((before, template) => applyTemplateRules(before, template, problems), metrics);
}

function applyTemplateRules(
  metrics: readonly Metric[],
  template: AnalysisSpec,
  problems: Problem[],
): readonly Metric[] {
  const place = new Place(template.path, problems);
  const dry = template.dryRun.map((rule, index) => matcher(rule, metrics, place.at('dryRun', index)));
  const kept = template.measurementRetention.map((rule, index) => ({
    matches: matcher(rule, metrics, place.at('measurementRetention', index)),
    limit: Number(rule['limit']),
  }));
  return metrics.map(metric => {
    const limit = kept.findLast(({ matches, limit }) => limit > 0 && matches(metric.name))?.limit;
    return {
      ...metric,
      dryRun: metric.dryRun || dry.some(matches => matches(metric.name)),
      ...(limit !== undefined && { measurementRetention: limit }),
    };
  });
}

/** A rule without a matching metric is a typo (Argo Rollouts refuses it too). */
function matcher(rule: JsonObject, metrics: readonly Metric[], place: Place): (name: string) => boolean {
  const text = String(rule['metricName'] ?? '');
  const matches = namePattern(text);
  const here = place.at('metricName');
  if (matches === undefined) {
    here.refuse(`${show(text)} is not a valid metric name pattern`, 'use a name, *, or names with .* joined by |');
  } else if (!metrics.some(metric => matches(metric.name))) {
    here.refuse(`no metric is named ${show(text)}`, `use one of ${metrics.map(metric => metric.name).join(', ')}`);
  }
  return matches ?? (() => false);
}
