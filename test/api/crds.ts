import { type CustomResourceDefinition, customResourceDefinitions } from '../../src/api/crd.js';

export type Node = Readonly<Record<string, unknown>>;

/** The schema of a CRD's only version. */
export function schemaOf({ spec }: CustomResourceDefinition): Node {
  const { versions } = spec as { versions: readonly [{ schema: { openAPIV3Schema: Node } }] };
  return versions[0].schema.openAPIV3Schema;
}

/** The schema of a StormService's spec. */
export function specSchema(): Node {
  const [crd] = customResourceDefinitions() as readonly [CustomResourceDefinition];
  return (schemaOf(crd)['properties'] as { spec: Node }).spec;
}

/** A value with the defaults that the API server writes before the hook sees it. */
export function defaulted(schema: Node, value: unknown): unknown {
  if (Array.isArray(value)) return value.map(item => defaulted((schema['items'] ?? {}) as Node, item));
  if (typeof value !== 'object' || value === null) return value;
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Node>>;
  const defaults = Object.entries(properties).flatMap(([name, field]) =>
    'default' in field ? [[name, field['default']]] : [],
  );
  const fields = Object.entries(value).map(([name, field]) => [name, defaulted(properties[name] ?? {}, field)]);
  return Object.fromEntries([...defaults, ...fields]);
}
