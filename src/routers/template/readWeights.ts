import { type JsonValue, query } from 'jsonpath-rfc9535';
import { type Fields, fields, isObject, items } from '../../schema/json.js';
import { weightOf } from '../../schema/weight.js';
import { fillText, readText, type Values } from './placeholders.js';
import type { TemplateConfig } from './schema.js';

type WeightsRead =
  | { readonly ok: true; readonly weights: readonly number[] }
  | { readonly ok: false; readonly reason: string };

/** A text of the template that has the canary weight, and what is observed in its place. */
type WeightPlace = readonly [template: string, observed: unknown];

/** The canary weights in an observed object: where observedWeight says, or wherever the template has them. */
export function readWeights(
  { object, observedWeight: path }: TemplateConfig,
  observed: Fields,
  values: Values,
): WeightsRead {
  const places = weightPlaces(object, observed);
  const found =
    path === undefined
      ? places.map(place => readInPlace(place, values))
      : select(observed, fillText(path, values))?.map(value => weightOf(value) ?? readAny(value, places, values));
  if (found === undefined) return { ok: false, reason: `observedWeight ${path} is not a JSONPath` };
  const weights = found.filter(weight => weight !== undefined);
  if (weights.length > 0 && weights.length === found.length) return { ok: true, weights };
  if (path === undefined) return { ok: false, reason: 'the canary weight is not where the template has it' };
  return { ok: false, reason: `observedWeight ${path} finds ${weights.length === 0 ? 'no' : 'not only'} weights` };
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

function select(observed: Fields, path: string): readonly unknown[] | undefined {
  try {
    return query(observed as JsonValue, path);
  } catch {
    // A path that does not parse; said by the caller.
    return undefined;
  }
}
