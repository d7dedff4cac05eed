import { Type } from 'typebox';
import type { Place } from '../../schema/place.js';
import { anyObject, list, type Static, shape, text } from '../../schema/schema.js';
import type { RoutingNames } from '../router.js';
import { PLACEHOLDERS } from './placeholders.js';

const EntrySchema = shape(
  {
    object: anyObject({
      description: `The object, with these placeholders for the values: ${PLACEHOLDERS.join(', ')}.`,
    }),
    observedWeight: Type.Optional(
      text({ minLength: 1, description: 'JSONPath of the canary weight in the observed object.' }),
    ),
  },
  { description: 'Any namespaced object that splits traffic.' },
);

export const TemplateRouterSchema = list(EntrySchema, {
  minItems: 1,
  maxItems: 10,
  description: 'Other objects that split traffic, as templates.',
});

/** One entry of `trafficRouting.template`. Left out, observedWeight is wherever the object has the canary weight. */
export type TemplateConfig = Static<typeof EntrySchema>;

export function readTemplateRouter(raw: readonly TemplateConfig[], _: RoutingNames, place: Place) {
  raw.forEach(({ object }, index) => {
    checkTemplate(object, place.at(index, 'object'));
  });
  return raw;
}

function checkTemplate(object: TemplateConfig['object'], place: Place): void {
  for (const field of ['apiVersion', 'kind'] as const) {
    const value = object[field];
    if (typeof value === 'string' && value !== '') continue;
    place.at(field).refuse(`${field} must be a non-empty string`, `write the ${field} of the object`);
  }
  const json = JSON.stringify(object);
  if (!json.includes('$(canaryWeight)')) {
    place.refuse('it has no $(canaryWeight), so it splits nothing', 'write $(canaryWeight) where the weight belongs');
  }
  for (const [placeholder] of json.matchAll(/\$\(\w+\)/g)) {
    if (PLACEHOLDERS.includes(placeholder)) continue;
    place.refuse(`${placeholder} is not a placeholder`, `write one of ${PLACEHOLDERS.join(', ')}`);
  }
}
