/** What the API server alone says of a spec: types, unknown fields, lists with keys, and rules, once defaults are written. */
import { refusedByCel } from './celRules.js';
import { defaulted, type Node } from './crds.js';
import { typeChecker } from './crdTypes.js';

export function serverChecker(schema: Node): (spec: unknown) => readonly string[] {
  const typeProblems = typeChecker(schema);
  return spec => {
    const problems = [...typeProblems(spec), ...duplicates(schema, spec)];
    // As the API server does: rules see only what has the right types.
    return problems.length > 0 ? problems : refusedByCel(schema, defaulted(schema, spec));
  };
}

/** Items of a list that have the same key. */
function duplicates(schema: Node, value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    const [key] = (schema['x-kubernetes-list-map-keys'] ?? []) as readonly string[];
    const keys = key === undefined ? [] : value.map(item => JSON.stringify(item[key]));
    const twice = keys.filter((found, index) => keys.indexOf(found) < index).map(found => `${found} is duplicated`);
    return [...twice, ...value.flatMap(item => duplicates((schema['items'] ?? {}) as Node, item))];
  }
  if (typeof value !== 'object' || value === null) return [];
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Node>>;
  return Object.entries(value).flatMap(([name, field]) => duplicates(properties[name] ?? {}, field));
}
