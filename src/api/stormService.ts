import { Type } from 'typebox';
import { intOrPercentField } from '../schema/intOrPercent.js';
import { choice, firstDraft, flag, type Static, shape, whole } from '../schema/schema.js';
import { StrategySchema } from './strategy/strategy.js';
import { disruptionToleranceField } from './template/roles.js';
import { SelectorSchema } from './template/selector.js';
import { ServiceSchema } from './template/service.js';
import { TemplateSchema } from './template/template.js';

const UpdateStrategySchema = shape(
  {
    type: Type.Optional(
      choice(['RollingUpdate', 'InPlaceUpdate'], { description: 'Both values mean a rolling update.' }),
    ),
    maxSurge: Type.Optional(intOrPercentField({ description: 'As in rolloutStrategy.rollingUpdate.' })),
    maxUnavailable: Type.Optional(intOrPercentField({ description: 'As in rolloutStrategy.rollingUpdate.' })),
  },
  { description: 'First-draft alias of rolloutStrategy.rollingUpdate; ignored if rolloutStrategy is set.' },
);

/** On one line, because the message of a rule has no other. */
const TEMPLATE_EXAMPLE =
  'template: {metadata: {labels: {app: my-app}}, spec: {containers: [{name: web, image: "nginx:1.27"}]}}';

export const SpecSchema = shape(
  {
    replicas: Type.Optional(whole({ default: 1, description: 'Number of pods or, with roles, of whole role sets.' })),
    template: TemplateSchema,
    selector: Type.Optional(SelectorSchema),
    minReadySeconds: Type.Optional(
      whole({ default: 0, description: 'Seconds that a pod must be ready before it counts as available.' }),
    ),
    revisionHistoryLimit: Type.Optional(
      whole({ default: 10, maximum: 1000, description: 'Number of old revisions to keep.' }),
    ),
    progressDeadlineSeconds: Type.Optional(
      whole({
        default: 600,
        minimum: 1,
        description:
          'Seconds without progress after which the rollout is considered stuck. Must be greater than minReadySeconds.',
      }),
    ),
    progressDeadlineAbort: Type.Optional(flag({ default: false, description: 'Whether to abort a stuck rollout.' })),
    paused: Type.Optional(flag({ default: false, description: 'Whether to pause the rollout at its current step.' })),
    service: Type.Optional(ServiceSchema),
    rolloutStrategy: Type.Optional(StrategySchema),
    stateful: Type.Optional(flag({ description: 'Accepted for compatibility with AIBrix; ignored.' })),
    disruptionTolerance: disruptionToleranceField,
    updateStrategy: firstDraft(UpdateStrategySchema),
  },
  {
    description: 'The desired pods and how to roll out changes to them.',
    byRule: ['template'],
    rules: [
      {
        rule: 'has(self.template)',
        message: `template is required: add spec.template, for example ${TEMPLATE_EXAMPLE}`,
        fieldPath: '.template',
        reason: 'FieldValueRequired',
      },
      {
        rule: '!has(self.selector) || !has(self.selector.matchLabels) || !has(self.template) || !has(self.template.spec.containers) || self.selector.matchLabels.all(k, has(self.template.metadata) && has(self.template.metadata.labels) && k in self.template.metadata.labels && self.template.metadata.labels[k] == self.selector.matchLabels[k])',
        message: "selector must match the template's labels",
      },
      {
        rule: '!has(self.service) || !has(self.service.role) || !has(self.template) || (has(self.template.spec.roles) && self.template.spec.roles.exists(r, r.name == self.service.role))',
        message: 'service.role must be one of the roles',
      },
      {
        rule: '!has(self.minReadySeconds) || !has(self.progressDeadlineSeconds) || self.minReadySeconds < self.progressDeadlineSeconds',
        message: 'progressDeadlineSeconds must be greater than minReadySeconds',
      },
    ],
  },
);

/** spec as the API server hands it over, after firstDraft.ts. */
export type RawSpec = Static<typeof SpecSchema>;

export const DEFAULTS = {
  replicas: 1,
  minReadySeconds: 0,
  revisionHistoryLimit: 10,
  progressDeadlineSeconds: 600,
  progressDeadlineAbort: false,
  paused: false,
} as const satisfies Partial<RawSpec>;
