import { Type } from 'typebox';
import { isObject, type JsonObject } from '../../schema/json.js';
import { DNS_LABEL_CHECKS, isDnsLabel } from '../../schema/labels.js';
import { suggest } from '../../schema/nearest.js';
import type { Place } from '../../schema/place.js';
import {
  anyObject,
  choice,
  flag,
  intOrString,
  list,
  nameText,
  type Static,
  serverChecked,
  shape,
  whole,
} from '../../schema/schema.js';
import { show } from '../../schema/show.js';
import type { PodTemplate, Role } from '../spec.js';
import { checkPodTemplate, podTemplateSchema } from './podTemplate.js';

const MAX_ROLES = 20;
const MAX_GROUP = 100;
/** A role without upgradeOrder comes after all that have one. */
const LAST = Number.MAX_SAFE_INTEGER;

const DisruptionToleranceSchema = shape(
  { maxUnavailable: Type.Optional(intOrString({ description: 'Accepted for compatibility with AIBrix; ignored.' })) },
  { description: 'Accepted for compatibility with AIBrix; ignored.' },
);

export const disruptionToleranceField = Type.Optional(DisruptionToleranceSchema);

const schedulingStrategy = Type.Optional(
  anyObject({ description: 'Accepted for compatibility with AIBrix; ignored.' }),
);

/** What AIBrix writes beside the roles. */
export const roleSetFields = {
  updateStrategy: Type.Optional(
    choice(['Parallel', 'Sequential', 'Interleave'], {
      description: 'Accepted for compatibility with AIBrix; roles always scale up in upgradeOrder.',
    }),
  ),
  schedulingStrategy,
  topologyPolicy: Type.Optional(anyObject({ description: 'Accepted for compatibility with AIBrix; ignored.' })),
};

const RoleSchema = shape(
  {
    name: serverChecked(nameText({ description: 'Name, unique among the roles.' }), DNS_LABEL_CHECKS),
    replicas: Type.Optional(whole({ description: 'Number of instances of this role in a role set. Default 1.' })),
    podGroupSize: Type.Optional(
      whole({ minimum: 1, maximum: MAX_GROUP, description: 'Number of pods per instance. Default 1.' }),
    ),
    upgradeOrder: Type.Optional(
      whole({
        minimum: 1,
        description: 'Order in which the roles of a new revision scale up; equal ones scale together. Default: last.',
      }),
    ),
    stateful: Type.Optional(flag({ description: 'Accepted for compatibility with AIBrix; ignored.' })),
    updateStrategy: Type.Optional(anyObject({ description: 'Accepted for compatibility with AIBrix; ignored.' })),
    disruptionTolerance: disruptionToleranceField,
    schedulingStrategy,
    template: podTemplateSchema('Pod template of this role.'),
  },
  { description: 'A role in a role set, for example prefill or decode.' },
);

export const RolesSchema = list(RoleSchema, {
  minItems: 1,
  maxItems: MAX_ROLES,
  key: 'name',
  description: 'Roles of a role set. spec.replicas counts whole role sets.',
});

/** Fields that only make sense beside roles; anything else in their place is a typo that would be lost. */
const BESIDE_ROLES = ['roles', ...Object.keys(roleSetFields)];

export function readRoles(
  raw: Static<typeof RolesSchema>,
  spec: Readonly<Record<string, unknown>>,
  place: Place,
): readonly Role[] {
  for (const key of Object.keys(spec)) {
    if (!BESIDE_ROLES.includes(key))
      place.at(key).refuse(`unknown field ${key} alongside roles`, suggest(key, BESIDE_ROLES));
  }
  const names = new Set<string>();
  return raw.map((role, index) => {
    const here = place.at('roles', index);
    checkName(role.name, names, here.at('name'));
    checkPodTemplate(role.template, here.at('template'));
    return toRole(role);
  });
}

interface RawRole {
  readonly name: string;
  readonly replicas?: number;
  readonly podGroupSize?: number;
  readonly upgradeOrder?: number;
  readonly template: PodTemplate;
}

function toRole({ name, replicas = 1, podGroupSize = 1, upgradeOrder = LAST, template }: RawRole): Role {
  return { name, pods: replicas * podGroupSize, upgradeOrder, template };
}

/** The roles of a template that was checked when it was written: those it lists, or the nameless one of a pod template. */
export function rolesOf(template: JsonObject): readonly Role[] {
  const { roles } = (template['spec'] ?? {}) as { readonly roles?: readonly RawRole[] };
  if (roles !== undefined) return roles.map(toRole);
  return [{ name: '', pods: 1, upgradeOrder: 0, template: podTemplateOf(template) }];
}

function podTemplateOf(template: JsonObject): PodTemplate {
  const { spec } = template;
  return { ...template, spec: isObject(spec) ? spec : {} };
}

function checkName(name: string, names: Set<string>, place: Place): void {
  if (!isDnsLabel(name)) {
    place.refuse(`${show(name)} is not a valid role name`, 'use at most 63 lowercase letters, digits and "-"');
  }
  if (names.has(name))
    place.refuse(`name ${show(name)} is already used by another role`, 'give each role a unique name');
  names.add(name);
}
