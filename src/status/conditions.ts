import { Type } from 'typebox';
import { openShape } from '../schema/schema.js';
import { eitherOf, optionalText, optionalWhole, type Stored } from './fields.js';

/** Every condition that the hook writes. */
export const CONDITION_TYPES = [
  'Available',
  'Progressing',
  'Paused',
  'Healthy',
  'Aborted',
  'InvalidSpec',
  'RoutingReady',
  'AnalysisReady',
  'ReplicaFailure',
] as const;
export type ConditionType = (typeof CONDITION_TYPES)[number];

export const CONDITION_STATUSES = ['True', 'False', 'Unknown'] as const;
export type ConditionStatus = (typeof CONDITION_STATUSES)[number];

export const ConditionSchema = openShape(
  {
    type: Type.String({ description: eitherOf(CONDITION_TYPES) }),
    status: Type.String({ description: eitherOf(CONDITION_STATUSES) }),
    reason: optionalText('The cause in one word.'),
    message: optionalText('One sentence for people.'),
    lastTransitionTime: optionalText('When status last changed.'),
    observedGeneration: optionalWhole('Generation of the spec that it describes.'),
  },
  { description: 'One condition.' },
);

/** A stored Kubernetes condition, of any type: another version of the hook may have written it. */
export type Condition = Stored<typeof ConditionSchema>;

/** A condition of this sync, without its transition time. */
export interface Finding {
  readonly type: ConditionType;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
}

export function isTrue(conditions: readonly Condition[], type: ConditionType): boolean {
  return conditions.some(condition => condition.type === type && condition.status === 'True');
}
