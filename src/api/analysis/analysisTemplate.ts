import { Type } from 'typebox';
import type { Place } from '../../schema/place.js';
import { list, type Static, shape } from '../../schema/schema.js';
import { dryRun, measurementRetention, metrics, readTemplateRefs, templateRefs } from './analysis.js';
import { argumentSchema, checkArguments } from './argument.js';
import { checkMetrics } from './metric.js';

/** spec of an AnalysisTemplate and of a ClusterAnalysisTemplate: Argo Rollouts', field by field. */
export const AnalysisTemplateSpecSchema = shape(
  {
    metrics: Type.Optional(metrics),
    args: Type.Optional(
      list(argumentSchema('An argument. Without a value, it must be set where the template is used.'), {
        maxItems: 50,
        key: 'name',
        description: 'Arguments, referenced in metrics as {{args.name}}.',
      }),
    ),
    dryRun: Type.Optional(dryRun),
    measurementRetention: Type.Optional(measurementRetention),
    templates: Type.Optional(templateRefs),
  },
  {
    description: 'Metrics shared by several StormServices.',
    rules: [
      {
        rule: '(has(self.metrics) && self.metrics.size() > 0) || (has(self.templates) && self.templates.size() > 0)',
        message: 'metrics or templates is required',
      },
    ],
  },
);

export type AnalysisTemplateSpec = Static<typeof AnalysisTemplateSpecSchema>;

/** What the schema cannot say about a template. */
export function checkAnalysisTemplate(spec: AnalysisTemplateSpec, place: Place): void {
  const { metrics = [], args = [], templates = [] } = spec;
  if (metrics.length === 0 && templates.length === 0) place.refuse('there is nothing to measure', 'add metrics');
  checkArguments(args, place.at('args'));
  checkMetrics(metrics, place.at('metrics'));
  readTemplateRefs(templates, place.at('templates'));
}
