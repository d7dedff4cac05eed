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

/** How to add a required field, by its path, where its name alone says too little. */
export type Additions = Readonly<Record<string, string>>;

/** Nobody reads more at once, and each takes time that others wait for. */
const MAX_PROBLEMS = 100;

/** Reports the first errors of a JSON schema as problems. `value` is what was checked, `place` its path. */
export function refuseAll(
  errors: readonly ErrorObject[],
  value: unknown,
  place: Place,
  additions: Additions = {},
): void {
  for (const error of errors.slice(0, MAX_PROBLEMS)) {
    const keys = toKeys(error.instancePath);
    const { field, problem, remedy } = explain(error, valueAt(value, keys));
    const here = place.at(...keys, ...(field === undefined ? [] : [field]));
    const addition = error.keyword === 'required' ? additions[here.path] : undefined;
    here.refuse(problem, addition ?? remedy);
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
      return { field, problem: `unknown field ${field}`, remedy: suggest(field, fieldsOf(error)) };
    }
    case 'required': {
      const field = String(params['missingProperty']);
      return { field, problem: `${field} is required`, remedy: `add ${field}` };
    }
    case 'enum':
      return explainChoice(value, params['allowedValues']);
    case 'type':
      return explainType(value, params['type']);
    case 'x-kubernetes-int-or-string':
      return {
        problem: `${show(value)} is neither an integer nor a string`,
        remedy: 'use an integer or a quoted string',
      };
    case 'minimum':
    case 'maximum':
      return {
        problem: `${show(value)} is out of range`,
        remedy: `use a number ${params['comparison']} ${params['limit']}`,
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
  maxProperties: 'at most # entries',
};

function explainSize(keyword: string, params: ErrorObject['params']): string {
  const size = SIZES[keyword];
  return size === undefined ? 'fix it' : `use ${size.replace('#', String(params['limit']))}`;
}

function explainChoice(value: unknown, allowed: unknown): Explanation {
  const words = Array.isArray(allowed) ? allowed.map(String) : [];
  return {
    problem: `unsupported value ${show(value)}`,
    remedy: typeof value === 'string' ? suggest(value, words) : `use one of ${words.join(', ')}`,
  };
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'an object (indented fields)',
  array: 'a list (items starting with "- ")',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false, without quotes',
};

function explainType(value: unknown, type: unknown): Explanation {
  if (type === 'string') return nonString(value);
  const wanted = (Array.isArray(type) ? type : [type]).map(name => TYPES[String(name)] ?? String(name));
  return {
    problem: value === null ? 'the value is empty' : `${show(value)} has the wrong type`,
    remedy: `use ${wanted.join(' or ')}`,
  };
}
