import { Type } from 'typebox';
import { choice, firstDraft, flag, intOrString, type Static, shape, whole } from '../schema/schema.js';
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
    maxSurge: Type.Optional(intOrString({ description: 'As in rolloutStrategy.rollingUpdate.' })),
    maxUnavailable: Type.Optional(intOrString({ description: 'As in rolloutStrategy.rollingUpdate.' })),
  },
  { description: 'First-draft alias of rolloutStrategy.rollingUpdate; ignored if rolloutStrategy is set.' },
);

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
    rules: [
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
