import type { ErrorObject } from 'ajv';
import { nonString } from './labels.js';
import { suggest } from './nearest.js';
import type { Place } from './place.js';
import { show } from './show.js';

/** Keys of a JSON pointer; those of list items as numbers. */
export function toKeys(pointer: string): readonly (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map(key => (/^\d+$/.test(key) ? Number(key) : key.replaceAll('~1', '/').replaceAll('~0', '~')));
}

/** Writes what a JSON schema found as problems. `value` is what was checked, `place` where it stands. */
export function refuseAll(errors: readonly ErrorObject[], value: unknown, place: Place): void {
  for (const error of errors) {
    const keys = toKeys(error.instancePath);
    const { field, problem, remedy } = explain(error, valueAt(value, keys));
    place.at(...keys, ...(field === undefined ? [] : [field])).refuse(problem, remedy);
  }
}

function valueAt(value: unknown, keys: readonly (string | number)[]): unknown {
  let here = value;
  for (const key of keys) here = (here as Readonly<Record<string | number, unknown>> | undefined)?.[key];
  return here;
}

interface Explanation {
  /** The field of the value that is meant, where it is not the value itself. */
  readonly field?: string;
  readonly problem: string;
  readonly remedy: string;
}

function explain(error: ErrorObject, value: unknown): Explanation {
  const { keyword, params } = error;
  switch (keyword) {
    case 'additionalProperties': {
      const field = String(params['additionalProperty']);
      return { field, problem: `there is no field ${field}`, remedy: suggest(field, fieldsOf(error)) };
    }
    case 'required': {
      const field = String(params['missingProperty']);
      return { field, problem: `${field} is missing`, remedy: `write ${field}` };
    }
    case 'enum':
      return explainChoice(value, params['allowedValues']);
    case 'type':
      return explainType(value, params['type']);
    case 'x-kubernetes-int-or-string':
      return {
        problem: `${show(value)} is neither a whole number nor a text`,
        remedy: 'write a whole number or a text in quotes',
      };
    case 'minimum':
    case 'maximum':
      return {
        problem: `${show(value)} is out of range`,
        remedy: `write a number ${params['comparison']} ${params['limit']}`,
      };
    default:
      return { problem: `${show(value)} ${error.message ?? 'is not valid'}`, remedy: explainSize(keyword, params) };
  }
}

/** Fields that an object of this schema has. */
function fieldsOf(error: ErrorObject): readonly string[] {
  const schema = error.parentSchema as { readonly properties?: object } | undefined;
  return Object.keys(schema?.properties ?? {});
}

const SIZES: Readonly<Record<string, string>> = {
  minLength: 'at least # characters',
  maxLength: 'at most # characters',
  minItems: 'at least # items',
  maxItems: 'at most # items',
};

function explainSize(keyword: string, params: ErrorObject['params']): string {
  const size = SIZES[keyword];
  return size === undefined ? 'correct it' : `write ${size.replace('#', String(params['limit']))}`;
}

function explainChoice(value: unknown, allowed: unknown): Explanation {
  const words = Array.isArray(allowed) ? allowed.map(String) : [];
  return {
    problem: `${show(value)} is not one of the values that it can have`,
    remedy: typeof value === 'string' ? suggest(value, words) : `write one of ${words.join(', ')}`,
  };
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'an object (fields under it, indented)',
  array: 'a list (items that begin with "- ")',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false, without quotes',
};

function explainType(value: unknown, type: unknown): Explanation {
  if (type === 'string') return nonString(value);
  const wanted = (Array.isArray(type) ? type : [type]).map(name => TYPES[String(name)] ?? String(name));
  return {
    problem: value === null ? 'nothing is written here' : `${show(value)} is of the wrong type`,
    remedy: `write ${wanted.join(', or ')}`,
  };
}
