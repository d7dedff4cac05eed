import type { ErrorObject } from 'ajv';
import type { Static, TSchema } from 'typebox';
import { toKeys } from '../schema/ajvProblems.js';
import { checker } from '../schema/checker.js';
import { isList, isObject, type Json, type JsonObject } from '../schema/json.js';
import { pathKey } from '../schema/place.js';
import { QueryError } from './queryError.js';

/** What this reads of a schema. */
interface SchemaNode {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly additionalProperties?: SchemaNode | boolean;
}

const checks = new WeakMap<TSchema, ReturnType<typeof checker>>();

/**
 * A provider's spec after its args were filled in, all of which are strings: `"5"` becomes 5 where the schema has a
 * number, and an optional field that an arg left empty is absent. Then its form is checked as the API server did
 * before; sizes are not, because a token or a bundle of certificates in a Secret is not stored in the object.
 * @throws QueryError that names the field and never its value, which may be a secret
 */
export function checkedSpec<Schema extends TSchema>(
  name: string,
  schema: Schema,
  written: Json | undefined,
): Static<Schema> {
  const spec = converted(schema, written ?? null);
  const check = checks.get(schema) ?? checker(schema);
  checks.set(schema, check);
  const error = check(spec).find(isMalformed);
  if (error !== undefined) throw new QueryError('spec', describe(error, name));
  return spec as Static<Schema>;
}

const SIZES = ['minimum', 'maximum', 'maxLength', 'minItems', 'maxItems'];

function isMalformed({ keyword, params, data }: ErrorObject): boolean {
  return !SIZES.includes(keyword) && !(params['type'] === 'integer' && typeof data === 'number');
}

function converted(schema: SchemaNode, value: Json): Json {
  const { items, properties, required = [], additionalProperties } = schema;
  if (isList(value)) return items ? value.map(item => converted(items, item)) : value;
  if (!isObject(value)) return convertedScalar(schema, value);
  if (properties) return convertedFields(properties, required, value);
  return typeof additionalProperties === 'object' ? convertedEntries(additionalProperties, value) : value;
}

function convertedEntries(schema: SchemaNode, value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, converted(schema, item ?? null)]));
}

function convertedScalar({ type }: SchemaNode, value: Json): Json {
  switch (type) {
    case 'string':
      return typeof value === 'number' ? String(value) : value;
    case 'integer':
      return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
    case 'boolean':
      return value === 'true' || (value === 'false' ? false : value);
    default:
      return value;
  }
}

/** The fields of the schema; the API server has dropped all others. */
function convertedFields(
  properties: Readonly<Record<string, SchemaNode>>,
  required: readonly string[],
  value: JsonObject,
): JsonObject {
  const found = Object.entries(properties).flatMap(([field, schema]) => {
    const item = Object.hasOwn(value, field) ? value[field] : undefined;
    const isAbsent = item === undefined || item === null || (item === '' && !required.includes(field));
    return isAbsent ? [] : [[field, converted(schema, item)] as const];
  });
  return Object.fromEntries(found);
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  integer: 'an integer',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function describe({ instancePath, keyword, params, message }: ErrorObject, name: string): string {
  const path = name + toKeys(instancePath).map(pathKey).join('');
  switch (keyword) {
    case 'required':
      return `${path}.${params['missingProperty']} is required`;
    case 'type':
      return `${path} must be ${TYPES[params['type']] ?? params['type']}`;
    case 'x-kubernetes-int-or-string':
      return `${path} must be an integer or a string`;
    case 'enum':
      return `${path} must be one of ${params['allowedValues'].join(', ')}`;
    case 'minLength':
      return `${path} must not be empty`;
    default:
      return `${path} ${message ?? 'is not valid'}`;
  }
}
