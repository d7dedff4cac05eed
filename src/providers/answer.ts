/** Reading what a metrics system answered. What cannot be understood is an error without a word of the body. */
import type { Json } from '../schema/json.js';
import { couldHaveMoreValues, isList, isObject } from '../schema/json.js';
import type { HttpResponse } from './exchange.js';
import { QueryError } from './queryError.js';

export function malformed(what: string): QueryError {
  return new QueryError('answer', `the answer cannot be read: ${what}`);
}

/** More take too long to be read: everybody waits meanwhile. */
const MAX_VALUES = 50_000;

/**
 * The JSON of a body.
 * @throws QueryError when it has too many values, SyntaxError when it is not JSON
 */
export function parseJson(body: string): Json {
  if (couldHaveMoreValues(body, MAX_VALUES)) {
    throw new QueryError('answer', `the answer has more than ${MAX_VALUES} values; ask for less`);
  }
  return JSON.parse(body) as Json;
}

export function jsonOf({ body }: HttpResponse): Json {
  try {
    return parseJson(body);
  } catch (error) {
    throw error instanceof QueryError ? error : malformed('it is not JSON');
  }
}

/** What stands at a path of an answer; undefined when something on the way is missing. */
export function at(json: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let found = json;
  for (const key of path) {
    if (typeof key === 'number') found = isList(found) ? found[key] : undefined;
    else found = isObject(found) ? found[key] : undefined;
  }
  return found;
}

export function listAt(json: Json | undefined, ...path: readonly (string | number)[]): readonly Json[] {
  const found = at(json, ...path);
  if (!isList(found)) throw malformed(`${path.join('.') || 'it'} is not a list`);
  return found;
}

const NOT_FINITE: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Inf: Number.POSITIVE_INFINITY,
  '+Inf': Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
  Infinity: Number.POSITIVE_INFINITY,
  '+Infinity': Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** A number, or a text that stands for one because JSON has neither NaN nor infinities. */
export function numberOf(json: Json | undefined): number {
  if (typeof json === 'number') return json;
  if (typeof json === 'string' && json.trim() !== '') {
    const number = NOT_FINITE[json] ?? Number(json);
    if (!Number.isNaN(number) || json === 'NaN') return number;
  }
  throw malformed('a value is not a number');
}
