import type { Role } from '../api/spec.js';
import type { JsonObject, KubeObject } from '../metacontroller/object.js';

/**
 * The template in a ControllerRevision. It is kept as one string, so that no merge, pruning or defaulting on the way
 * can change what its hash was taken of. Undefined when there is none or it cannot be read.
 */
export function readTemplate(record: KubeObject | undefined): JsonObject | undefined {
  const text = (record?.['data'] as { template?: unknown } | undefined)?.template;
  if (typeof text !== 'string') return undefined;
  try {
    const template: unknown = JSON.parse(text);
    return typeof template === 'object' && template !== null ? (template as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

interface RawRole {
  readonly name: string;
  readonly replicas?: number;
  readonly podGroupSize?: number;
  readonly upgradeOrder?: number;
  readonly template: Role['template'];
}

/** A template's roles: those it lists, or the one nameless role of a plain pod template. */
export function rolesOf(template: JsonObject): readonly Role[] {
  const { roles } = (template['spec'] ?? {}) as { readonly roles?: readonly RawRole[] };
  if (roles === undefined) {
    return [{ name: '', pods: 1, upgradeOrder: 0, template: template as unknown as Role['template'] }];
  }
  return roles.map(role => ({
    name: role.name,
    pods: (role.replicas ?? 1) * (role.podGroupSize ?? 1),
    upgradeOrder: role.upgradeOrder ?? 0,
    template: role.template,
  }));
}
