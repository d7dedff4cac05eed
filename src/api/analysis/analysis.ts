import { Type } from 'typebox';
import type { JsonObject } from '../../schema/json.js';
import type { Place } from '../../schema/place.js';
import { placeholdersOf, refuseUnknown } from '../../schema/placeholders.js';
import { firstDraft, flag, list, nameText, type Static, shape, whole } from '../../schema/schema.js';
import { show } from '../../schema/show.js';
import type { AnalysisRef } from '../spec.js';
import { argumentSchema, checkArguments } from './argument.js';
import { checkMetrics, checkMetricsEnd, InlineMetricSchema, MetricSchema } from './metric.js';

const MAX_TEMPLATES = 20;
const MAX_METRICS = 50;

const refFields = {
  templateName: Type.Optional(nameText({ description: 'Name of an AnalysisTemplate in the same namespace.' })),
  clusterScope: Type.Optional(
    flag({ description: 'Whether templateName refers to a ClusterAnalysisTemplate. Default false.' }),
  ),
};

const REF = { description: 'Reference to a template.' };
const REFS = { maxItems: MAX_TEMPLATES, description: 'Templates to run; their metrics are measured together.' };

const TemplateRefSchema = shape(refFields, {
  ...REF,
  rules: [{ rule: 'has(self.templateName)', message: 'templateName is required' }],
});

export const templateRefs = list(TemplateRefSchema, REFS);

const InlineTemplateRefSchema = shape(
  { ...refFields, name: firstDraft(nameText({ description: 'First-draft alias of templateName.' })) },
  { ...REF, rules: [{ rule: 'has(self.templateName) || has(self.name)', message: 'templateName is required' }] },
);

const inlineMetrics = list(InlineMetricSchema, {
  maxItems: MAX_METRICS,
  key: 'name',
  description: 'Metrics to measure in addition to those of the templates.',
});

export const metrics = list(MetricSchema, { maxItems: MAX_METRICS, key: 'name', description: 'Metrics to measure.' });

export const dryRun = list(
  shape(
    { metricName: nameText({ description: 'Metric name or pattern; * matches all metrics.' }) },
    { description: 'A metric that is measured without affecting the result.' },
  ),
  { maxItems: MAX_METRICS, key: 'metricName', description: 'Metrics that are measured without affecting the result.' },
);

export const measurementRetention = list(
  shape(
    {
      metricName: nameText({ description: 'Metric name or pattern; * matches all metrics.' }),
      limit: whole({ minimum: 1, maximum: 100, description: 'Number of measurements to keep in status.' }),
    },
    { description: 'Number of measurements to keep for a metric.' },
  ),
  { maxItems: MAX_METRICS, key: 'metricName', description: 'Number of measurements to keep in status, by metric.' },
);

const analysisFields = {
  templates: Type.Optional(list(InlineTemplateRefSchema, REFS)),
  args: Type.Optional(
    list(argumentSchema('An argument.'), { maxItems: 50, key: 'name', description: 'Arguments for the templates.' }),
  ),
  metrics: Type.Optional(inlineMetrics),
  dryRun: Type.Optional(dryRun),
  measurementRetention: Type.Optional(measurementRetention),
};

/** Numbers in args are known later. */
const everyMetricEnds = {
  rule: '!has(self.metrics) || self.metrics.all(m, !has(m.interval) || has(m.count) || has(m.consecutiveSuccessLimit))',
  message: 'a metric with an interval needs a count here, or it never ends; or move it to canary.analysis',
};

const somethingToMeasure = {
  rule: '(has(self.templates) && self.templates.size() > 0) || (has(self.metrics) && self.metrics.size() > 0)',
  message: 'templates or metrics is required',
};

export const AnalysisSchema = shape(analysisFields, {
  description: 'Runs an analysis; a failed analysis aborts the rollout.',
  rules: [somethingToMeasure, everyMetricEnds],
});

/** An analysis under another field, with a description of its own. */
export function analysisSchema(description: string): typeof AnalysisSchema {
  return shape(analysisFields, { description, rules: [somethingToMeasure, everyMetricEnds] });
}

export const BackgroundAnalysisSchema = shape(
  {
    ...analysisFields,
    startingStep: Type.Optional(
      whole({
        description:
          'Index of the step at which the analysis starts; the number of steps means after the last one. Default 0.',
      }),
    ),
  },
  { description: 'Background analysis, alongside the steps of the rollout.', rules: [somethingToMeasure] },
);

/** An analysis that the rollout waits for: it must end by itself. */
export function readAnalysis(raw: Static<typeof AnalysisSchema>, place: Place): AnalysisRef {
  checkMetricsEnd(raw.metrics ?? [], place.at('metrics'));
  return readBackgroundAnalysis(raw, place);
}

/** An analysis beside the steps, which the rollout ends. */
export function readBackgroundAnalysis(raw: Static<typeof AnalysisSchema>, place: Place): AnalysisRef {
  const { templates = [], args = [], metrics = [] } = raw;
  if (templates.length === 0 && metrics.length === 0) {
    place.refuse('there is nothing to measure', 'add templates (- templateName: …) or metrics');
  }
  checkArguments(args, place.at('args'));
  checkMetrics(metrics, place.at('metrics'));
  if (templates.length === 0) checkPlaceholders(metrics as readonly JsonObject[], args, place.at('metrics'));
  return {
    templates: readTemplateRefs(templates, place.at('templates')),
    args: args as readonly JsonObject[],
    metrics: metrics as readonly JsonObject[],
    ...(raw.dryRun === undefined ? {} : { dryRun: raw.dryRun.map(({ metricName }) => metricName) }),
    ...(raw.measurementRetention === undefined ? {} : { measurementRetention: raw.measurementRetention }),
  };
}

/** Without templates there are no arguments but those that stand beside the metrics. */
function checkPlaceholders(
  metrics: readonly JsonObject[],
  args: readonly { readonly name: string }[],
  place: Place,
): void {
  metrics.forEach((metric, index) => {
    for (const name of placeholdersOf(metric)) {
      if (!args.some(arg => `args.${arg.name}` === name)) refuseUnknown(name, place.at(index));
    }
  });
}

export function readTemplateRefs(
  raw: readonly Static<typeof TemplateRefSchema>[],
  place: Place,
): AnalysisRef['templates'] {
  const seen = new Set<string>();
  return raw.map(({ templateName = '', clusterScope = false }, index) => {
    const here = place.at(index);
    if (templateName === '') here.refuse('templateName is required', 'set templateName');
    const key = `${clusterScope} ${templateName}`;
    if (seen.has(key))
      here.at('templateName').refuse(`${show(templateName)} is listed twice`, 'list each template once');
    seen.add(key);
    return { templateName, clusterScope };
  });
}
