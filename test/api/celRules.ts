/** What the API server does with x-kubernetes-validations, for tests: every rule at every place of an object. */
import { evaluate } from '@marcbachmann/cel-js';
import type { Node } from './crds.js';

/** Messages of the rules that refuse `value`, which `schema` describes. */
export function refusedByCel(schema: Node, value: unknown): readonly string[] {
  const rules = (schema['x-kubernetes-validations'] ?? []) as readonly { rule: string; message: string }[];
  const here = rules
    .filter(({ rule }) => evaluate(rule, { self: integers(value) }) !== true)
    .map(({ message }) => message);
  return [...here, ...below(schema, value)];
}

function below(schema: Node, value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(item => refusedByCel((schema['items'] ?? {}) as Node, item));
  if (typeof value !== 'object' || value === null) return [];
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Node>>;
  return Object.entries(value).flatMap(([key, field]) => refusedByCel(properties[key] ?? {}, field));
}

/** Whole numbers are integers in CEL, and JavaScript's numbers are not. */
function integers(value: unknown): unknown {
  if (Number.isInteger(value)) return BigInt(value as number);
  if (Array.isArray(value)) return value.map(integers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, integers(field)]));
}
