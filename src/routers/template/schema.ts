import { Type } from 'typebox';
import { fields, hasMoreValues, isList, type Json, type JsonObject } from '../../schema/json.js';
import { GROUP } from '../../schema/names.js';
import type { Place } from '../../schema/place.js';
import { anyObject, list, type Static, serverChecked, shape, text } from '../../schema/schema.js';
import type { RoutingNames } from '../router.js';
import { ambiguity, PLACEHOLDERS } from './placeholders.js';

const OBJECT_CHECKS = {
  required: ['apiVersion', 'kind'],
  properties: {
    apiVersion: { type: 'string', description: 'API version of the object.', minLength: 1 },
    kind: { type: 'string', description: 'Kind of the object.', minLength: 1 },
  },
};

const EntrySchema = shape(
  {
    object: serverChecked(
      anyObject({
        description: `The object, with these placeholders for the values: ${PLACEHOLDERS.join(', ')}.`,
      }),
      OBJECT_CHECKS,
    ),
    observedWeight: Type.Optional(
      text({ minLength: 1, maxLength: 256, description: 'JSONPath of the canary weight in the observed object.' }),
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

/** All of it is filled in and compared at every sync. */
const MAX_VALUES = 5000;

/** Each is looked for in the observed object at every sync. */
const MAX_WEIGHTS = 32;

/** Groups of the API server itself: workloads, permissions, the kinds that we make. Routes are in none of them. */
function isBuiltIn(apiVersion: string): boolean {
  const [group = '', version] = apiVersion.split('/');
  if (version === undefined) return /^v\d/.test(group);
  if (!group.includes('.')) return true;
  return (group.endsWith('.k8s.io') && !ROUTE_GROUPS.includes(group)) || OWN_GROUPS.includes(group);
}

const ROUTE_GROUPS: readonly string[] = ['networking.k8s.io', 'gateway.networking.k8s.io', 'networking.x-k8s.io'];
const OWN_GROUPS: readonly string[] = [GROUP, 'metacontroller.k8s.io'];

function checkTemplate(object: TemplateConfig['object'], place: Place): void {
  for (const field of ['apiVersion', 'kind'] as const) {
    const value = object[field];
    if (typeof value === 'string' && value !== '') continue;
    place.at(field).refuse(`${field} must be a non-empty string`, `write the ${field} of the object`);
  }
  const { apiVersion } = object;
  if (typeof apiVersion === 'string' && apiVersion !== '' && isBuiltIn(apiVersion)) {
    const problem = `${String(object['kind'])} of ${apiVersion} is not a kind that routes traffic`;
    place.at('apiVersion').refuse(problem, 'write an object of a mesh, a gateway or an ingress controller');
  }
  if (hasMoreValues(object, MAX_VALUES)) {
    place.refuse(`it has more than ${MAX_VALUES} values`, 'split it into several objects');
    return;
  }
  const json = JSON.stringify(object);
  if (!json.includes('$(canaryWeight)')) {
    place.refuse('it has no $(canaryWeight), so it splits nothing', 'write $(canaryWeight) where the weight belongs');
  }
  for (const [placeholder] of json.matchAll(/\$\(\w+\)/g)) {
    if (PLACEHOLDERS.includes(placeholder)) continue;
    place.refuse(`${placeholder} is not a placeholder`, `write one of ${PLACEHOLDERS.join(', ')}`);
  }
  const texts = weightTexts(object);
  if (texts.length > MAX_WEIGHTS) {
    const problem = `it has $(canaryWeight) in ${texts.length} places, more than ${MAX_WEIGHTS}`;
    place.refuse(problem, 'split it into several objects');
  }
  for (const [text, keys] of texts) {
    const found = ambiguity(text);
    if (found !== undefined) place.at(...keys).refuse(found.problem, found.remedy);
  }
}

type Keys = readonly (string | number)[];

/** The strings that contain the canary weight, and where they are. */
function weightTexts(value: Json | undefined): readonly (readonly [string, Keys])[] {
  if (typeof value === 'string') return value.includes('$(canaryWeight)') ? [[value, []]] : [];
  const entries = isList(value) ? [...value.entries()] : Object.entries(fields(value) as JsonObject);
  return entries.flatMap(([key, item]) => weightTexts(item).map(([text, keys]) => [text, [key, ...keys]] as const));
}
