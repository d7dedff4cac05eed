/** What the API server does with the types of a structural schema, and kubectl's strict validation with unknown fields. */
import { Ajv } from 'ajv';
import type { Node } from './crds.js';

const OPEN = 'x-kubernetes-preserve-unknown-fields';
const INT_OR_STRING = 'x-kubernetes-int-or-string';

/** Says what is wrong with the types of a value, a field that the schema does not know included. */
export function typeChecker(schema: Node): (value: unknown) => readonly string[] {
  const check = new Ajv({ allErrors: true, allowUnionTypes: true, strictTypes: false }).compile(closed(schema));
  return value => {
    if (check(value)) return [];
    return (check.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}

/** The schema as JSON schema has it: without Kubernetes' own keywords, objects closed unless they say otherwise. */
function closed(schema: Node): Node {
  const type = schema[INT_OR_STRING] === true ? { type: ['integer', 'string'] } : {};
  const kept = Object.entries(schema).filter(([key]) => !key.startsWith('x-kubernetes-') && key !== 'default');
  const node = Object.fromEntries(kept.map(([key, value]) => [key, below(key, value)]));
  const isClosed = schema['properties'] !== undefined && schema[OPEN] !== true;
  return { ...node, ...type, ...(isClosed && { additionalProperties: false }) };
}

function below(key: string, value: unknown): unknown {
  switch (key) {
    case 'properties':
      return Object.fromEntries(Object.entries(value as Node).map(([name, field]) => [name, closed(field as Node)]));
    case 'items':
    case 'additionalProperties':
      return closed(value as Node);
    default:
      return value;
  }
}
