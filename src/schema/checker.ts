import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { fromRfc3339 } from './instant.js';
import { LANGUAGE } from './language.js';
import { BY_RULE, CRD_CHECKS, CRD_OPEN, ESSENTIAL, hookSchema } from './schema.js';

/** Keywords that are not for this check: they speak to the API server, or say how to read or to fill in. */
const OTHER_KEYWORDS = [
  BY_RULE,
  CRD_CHECKS,
  CRD_OPEN,
  ESSENTIAL,
  LANGUAGE,
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-validations',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
];

function isIntOrString(value: unknown): boolean {
  return typeof value === 'string' || Number.isInteger(value);
}

/** A check of one schema of the API: every error, none when the value conforms. Compiled when it is first needed. */
export function checker(schema: object): (value: unknown) => readonly ErrorObject[] {
  let validate: ValidateFunction | undefined;
  return value => {
    validate ??= compile(schema);
    return validate(value) ? [] : (validate.errors ?? []);
  };
}

function compile(schema: object): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, code: { optimize: false } });
  for (const keyword of OTHER_KEYWORDS) ajv.addKeyword(keyword);
  ajv.addKeyword({
    keyword: 'x-kubernetes-int-or-string',
    schemaType: 'boolean',
    validate: (_: boolean, value: unknown) => isIntOrString(value),
  });
  ajv.addFormat('date-time', text => fromRfc3339(text) !== undefined);
  return ajv.compile(withSharedDefinitions(hookSchema(schema)));
}

/** The same schema with every object in it written once: metrics and providers stand in many places. */
function withSharedDefinitions(schema: object): object {
  const definitions = new Map<string, { readonly name: string; readonly node: object }>();
  const share = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(share);
    if (typeof node !== 'object' || node === null) return node;
    const shared = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, share(value)]));
    if (!('properties' in shared)) return shared;
    const content = JSON.stringify(shared);
    const { name } = definitions.get(content) ?? { name: `d${definitions.size}` };
    definitions.set(content, { name, node: shared });
    return { $ref: `#/$defs/${name}` };
  };
  const root = share(schema) as object;
  const $defs = Object.fromEntries([...definitions.values()].map(({ name, node }) => [name, node]));
  return { ...root, $defs };
}
