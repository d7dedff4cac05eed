import { Type } from 'typebox';
import type { IntOrPercent } from '../../schema/intOrPercent.js';
import { intOrPercentField, isZero, readIntOrPercent } from '../../schema/intOrPercent.js';
import type { Place } from '../../schema/place.js';
import { type Rule, type Static, shape } from '../../schema/schema.js';

export const DEFAULT_BOUND = '25%';

/** The two fields that bound how many pods more or fewer than spec.replicas there may be. */
export const boundFields = {
  maxSurge: Type.Optional(
    intOrPercentField({
      description:
        'Maximum number of pods above spec.replicas during an update: a number or a percentage of spec.replicas, rounded up. Must not be 0 if maxUnavailable is 0.',
      default: DEFAULT_BOUND,
    }),
  ),
  maxUnavailable: Type.Optional(
    intOrPercentField({
      description:
        'Maximum number of pods below spec.replicas during an update: a number or a percentage of spec.replicas, rounded down. Must not be 0 if maxSurge is 0.',
      default: DEFAULT_BOUND,
    }),
  ),
};

function isZeroInCel(field: string): string {
  return `(type(self.${field}) == int ? self.${field} == 0 : self.${field} == '0%')`;
}

export const boundsNotZero: Rule = {
  rule: `!has(self.maxSurge) || !has(self.maxUnavailable) || !(${isZeroInCel('maxSurge')} && ${isZeroInCel('maxUnavailable')})`,
  message: 'maxSurge and maxUnavailable must not both be 0',
};

export const RollingUpdateSchema = shape(boundFields, {
  description: 'Replaces pods gradually without gates, as a Deployment does.',
  rules: [boundsNotZero],
});

export interface Bounds {
  readonly maxSurge: IntOrPercent;
  readonly maxUnavailable: IntOrPercent;
}

export function readBounds(raw: Static<typeof RollingUpdateSchema>, place: Place): Bounds {
  const maxSurge = readIntOrPercent(raw.maxSurge, place.at('maxSurge')) ?? DEFAULT_BOUND;
  const maxUnavailable = readIntOrPercent(raw.maxUnavailable, place.at('maxUnavailable')) ?? DEFAULT_BOUND;
  if (isZero(maxSurge) && isZero(maxUnavailable)) {
    place
      .at('maxUnavailable')
      .refuse(
        'maxSurge and maxUnavailable are both 0, so no pod could ever be replaced',
        'set one of them to 1 or more',
      );
  }
  return { maxSurge, maxUnavailable };
}
