import { type Fields, fields, isObject, items, type JsonObject } from '../../schema/json.js';
import { readPath } from '../../schema/jsonPath.js';
import { weightOf } from '../../schema/weight.js';
import { fillText, readText, type Values } from './placeholders.js';
import type { TemplateConfig } from './schema.js';

type WeightsRead =
  | { readonly ok: true; readonly weights: readonly number[] }
  | { readonly ok: false; readonly reason: string };

/** A text of the template that has the canary weight, and what is observed in its place. */
type WeightPlace = readonly [template: string, observed: unknown];

/** A path finds the weights, and nothing else: more values than this are an error in it. */
const MAX_FOUND = 100;

/** The canary weights in an observed object: where observedWeight says, or wherever the template has them. */
export function readWeights(
  { object, observedWeight: path }: TemplateConfig,
  observed: Fields,
  values: Values,
): WeightsRead {
  const places = weightPlaces(object, observed);
  if (path !== undefined) return readByPath(path, observed, places, values);
  const weights = places.map(place => readInPlace(place, values));
  if (weights.length > 0 && weights.every(weight => weight !== undefined)) return { ok: true, weights };
  return { ok: false, reason: 'the canary weight is not where the template has it' };
}

function readByPath(written: string, observed: Fields, places: readonly WeightPlace[], values: Values): WeightsRead {
  const refused = (reason: string): WeightsRead => ({ ok: false, reason: `observedWeight ${written} ${reason}` });
  const read = readPath(fillText(written, values));
  if (!read.ok) return refused(read.problem);
  const found = read.path.select(observed as JsonObject);
  if (found === undefined) return refused('cannot be evaluated: the object is too large');
  if (found.length > MAX_FOUND) return refused(`finds ${found.length} values, more than ${MAX_FOUND}`);
  const weights = found.map(value => weightOf(value) ?? readAny(value, places, values));
  const known = weights.filter(weight => weight !== undefined);
  if (known.length > 0 && known.length === weights.length) return { ok: true, weights: known };
  return refused(`finds ${known.length === 0 ? 'no' : 'not only'} weights`);
}

function weightPlaces(template: unknown, observed: unknown): readonly WeightPlace[] {
  if (typeof template === 'string') return template.includes('$(canaryWeight)') ? [[template, observed]] : [];
  if (isObject(template)) {
    const inner = fields(observed);
    return Object.entries(template).flatMap(([key, value]) => weightPlaces(value, inner[key]));
  }
  const list = items(observed);
  return items(template).flatMap((value, index) => weightPlaces(value, list[index]));
}

function readInPlace([template, observed]: WeightPlace, values: Values): number | undefined {
  return template === '$(canaryWeight)' ? weightOf(observed) : readAny(observed, [[template, observed]], values);
}

/** A text with the weight inside, such as an annotation that holds JSON. */
function readAny(value: unknown, places: readonly WeightPlace[], values: Values): number | undefined {
  if (typeof value !== 'string') return undefined;
  return places.map(([template]) => readText(value, template, values)).find(weight => weight !== undefined);
}
