import { Type } from 'typebox';
import type { JsonObject } from '../../schema/json.js';
import type { Place } from '../../schema/place.js';
import { openShape, type Static } from '../../schema/schema.js';
import type { Role } from '../spec.js';
import { checkPodTemplate, containersField, TemplateMetadataSchema } from './podTemplate.js';
import { RolesSchema, readRoles, roleSetFields, rolesOf } from './roles.js';

/**
 * A pod template, or AIBrix's role set template. No field in it has a default: the revision's hash is taken of the
 * template as it is written.
 */
export const TemplateSchema = openShape(
  {
    metadata: Type.Optional(TemplateMetadataSchema),
    spec: openShape(
      { containers: containersField, roles: Type.Optional(RolesSchema), ...roleSetFields },
      {
        description: 'Spec of the pods, or roles.',
        rules: [
          {
            rule: 'has(self.containers) != has(self.roles)',
            message: 'exactly one of containers (a pod template) and roles is required',
          },
        ],
      },
    ),
  },
  { description: 'A pod template, or spec.roles with a pod template for each role. A change creates a new revision.' },
);

type Raw = Static<typeof TemplateSchema>;

export interface Template {
  readonly template: JsonObject;
  readonly roles: readonly Role[];
}

export function readTemplate(raw: Raw, place: Place): Template {
  return { template: raw, roles: readSpecOf(raw, place) };
}

function readSpecOf(raw: Raw, place: Place): readonly Role[] {
  const { containers, roles } = raw.spec;
  const here = place.at('spec');
  if (containers !== undefined && roles !== undefined) {
    here.refuse('containers and roles are mutually exclusive', 'set containers for one kind of pod, roles for several');
    return [];
  }
  if (roles !== undefined) return readRoles(roles, raw.spec, here);
  if (containers === undefined) {
    here.refuse('containers or roles is required', 'set containers for one kind of pod, roles for several');
    return [];
  }
  checkPodTemplate(raw, place);
  return rolesOf(raw);
}
