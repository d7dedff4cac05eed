import { Type } from 'typebox';
import { instantText, list, openShape } from '../schema/schema.js';
import { analysisFields } from './analysisRuns.js';
import { bookkeepingFields } from './bookkeeping.js';
import { ConditionSchema } from './conditions.js';
import { memories, optionalText, optionalWhole, type Stored } from './fields.js';
import { rolloutStatusFields } from './rolloutStatus.js';

const HandledAnnotationSchema = openShape(
  {
    name: Type.String({ description: 'Name of the annotation.' }),
    value: optionalText(
      'The value already handled. Absent once the annotation was observed absent or with another value.',
    ),
    effect: optionalText('Its effect.'),
    by: optionalText('Who set it, if known.'),
    at: optionalText('When it was set, if known.'),
  },
  { description: 'One annotation.' },
);

const HistoryEntrySchema = openShape(
  {
    revision: Type.String({ description: 'Hash of the revision.' }),
    number: Type.Number({ description: 'Number of its ControllerRevision.' }),
    changeCause: optionalText('Its kubernetes.io/change-cause.'),
  },
  { description: 'One revision.' },
);

const MissingSchema = openShape(
  {
    kind: Type.String({ description: 'Kind of the child.' }),
    name: Type.String({ description: 'Name of the child.' }),
    since: instantText({ description: 'When it was first found missing.' }),
  },
  { description: 'One child.' },
);

export const StatusSchema = openShape(
  {
    observedGeneration: optionalWhole('Generation of the spec that this status describes.'),
    replicas: optionalWhole('Number of pods or, with roles, of whole role sets.'),
    readyReplicas: optionalWhole('Number of these that are ready.'),
    availableReplicas: optionalWhole('Number of these that are available: ready for minReadySeconds.'),
    updatedReplicas: optionalWhole('Number of these that have the current template.'),
    selector: optionalText('Selector of all pods, for the scale subresource and thus for autoscalers.'),
    conditions: Type.Optional(list(ConditionSchema, { key: 'type', description: 'Conditions.' })),
    ...rolloutStatusFields,
    ...bookkeepingFields,
    handledAnnotations: memories(HandledAnnotationSchema, 'The effect of each annotation, when and by whom.'),
    history: memories(HistoryEntrySchema, 'Revisions that can be rolled back to, newest first.'),
    ...analysisFields,
    missing: memories(MissingSchema, 'Desired children that are not observed.'),
  },
  { description: 'Observed state. Written only by the hook.' },
);

/** status as stored JSON. */
export type StormServiceStatus = Stored<typeof StatusSchema>;

export type Missing = Stored<typeof MissingSchema>;
export type HistoryEntry = Stored<typeof HistoryEntrySchema>;
export type HandledAnnotation = Stored<typeof HandledAnnotationSchema> & { readonly effect: string };
export type PodCounts = Required<
  Pick<StormServiceStatus, 'replicas' | 'readyReplicas' | 'availableReplicas' | 'updatedReplicas'>
>;
