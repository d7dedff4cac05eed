import { Type } from 'typebox';
import type { JsonObject } from '../../schema/json.js';
import type { Place } from '../../schema/place.js';
import { anyObject, type Static, shape, text } from '../../schema/schema.js';
import { show } from '../../schema/show.js';

/** `$(…)` in any text of the object. */
const PLACEHOLDERS = [
  'stableWeight',
  'canaryWeight',
  'stableService',
  'canaryService',
  'stableRevision',
  'canaryRevision',
];

export const TemplateRouterSchema = shape(
  {
    object: anyObject({
      description: `The object, with ${PLACEHOLDERS.map(name => `$(${name})`).join(', ')} where these values belong.`,
    }),
    observedWeight: Type.Optional(
      text({ minLength: 1, description: 'JSONPath of the canary weight in the object as it is observed.' }),
    ),
  },
  { description: 'Any namespaced object that splits traffic.' },
);

export function readTemplateRouter(raw: Static<typeof TemplateRouterSchema>, place: Place): JsonObject {
  const { object } = raw;
  for (const field of ['apiVersion', 'kind'] as const) {
    const value = object[field];
    if (typeof value === 'string' && value !== '') continue;
    place.at('object', field).refuse(`${show(value ?? null)} is not an ${field}`, `write the ${field} of the object`);
  }
  const json = JSON.stringify(object);
  if (!json.includes('$(canaryWeight)')) {
    place
      .at('object')
      .refuse(
        '$(canaryWeight) stands nowhere in it, so it would split nothing',
        'write $(canaryWeight) where the weight belongs',
      );
  }
  for (const [, name = ''] of json.matchAll(/\$\((\w+)\)/g)) {
    if (!PLACEHOLDERS.includes(name)) {
      place
        .at('object')
        .refuse(
          `$(${name}) is not a placeholder`,
          `write one of ${PLACEHOLDERS.map(known => `$(${known})`).join(', ')}`,
        );
    }
  }
  return raw as unknown as JsonObject;
}
