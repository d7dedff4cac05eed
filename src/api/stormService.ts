import { Type } from 'typebox';
import { choice, firstDraft, flag, intOrString, type Static, shape, whole } from '../schema/schema.js';
import { StrategySchema } from './strategy/strategy.js';
import { disruptionToleranceField } from './template/roles.js';
import { SelectorSchema } from './template/selector.js';
import { ServiceSchema } from './template/service.js';
import { TemplateSchema } from './template/template.js';

const UpdateStrategySchema = shape(
  {
    type: Type.Optional(choice(['RollingUpdate', 'InPlaceUpdate'], { description: 'Both are a rolling update here.' })),
    maxSurge: Type.Optional(intOrString({ description: 'As in rolloutStrategy.rollingUpdate.' })),
    maxUnavailable: Type.Optional(intOrString({ description: 'As in rolloutStrategy.rollingUpdate.' })),
  },
  { description: 'First-draft form of rolloutStrategy.rollingUpdate; read where there is no rolloutStrategy.' },
);

export const SpecSchema = shape(
  {
    replicas: Type.Optional(whole({ default: 1, description: 'Pods; with roles: whole role sets.' })),
    template: TemplateSchema,
    selector: Type.Optional(SelectorSchema),
    minReadySeconds: Type.Optional(
      whole({ default: 0, description: 'Seconds that a pod must be ready to be available.' }),
    ),
    revisionHistoryLimit: Type.Optional(
      whole({ default: 10, maximum: 1000, description: 'Earlier revisions to keep.' }),
    ),
    progressDeadlineSeconds: Type.Optional(
      whole({
        default: 600,
        minimum: 1,
        description: 'Seconds without progress after which the rollout counts as stuck.',
      }),
    ),
    progressDeadlineAbort: Type.Optional(flag({ default: false, description: 'True: a stuck rollout is aborted.' })),
    paused: Type.Optional(flag({ default: false, description: 'True: hold where it is.' })),
    service: Type.Optional(ServiceSchema),
    rolloutStrategy: Type.Optional(StrategySchema),
    stateful: Type.Optional(flag({ description: 'Accepted as AIBrix writes it; not acted upon.' })),
    disruptionTolerance: disruptionToleranceField,
    updateStrategy: firstDraft(UpdateStrategySchema),
  },
  { description: 'What shall run and how it changes.' },
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
