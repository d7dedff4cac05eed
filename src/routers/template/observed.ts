import { type JsonValue, query } from 'jsonpath-rfc9535';
import { type Fields, isObject, items } from '../../schema/json.js';
import { weightOf } from '../../schema/weight.js';
import type { TemplateConfig } from './config.js';
import { fillText, readText, type Values } from './placeholders.js';

export type WeightsRead =
  | { readonly ok: true; readonly weights: readonly number[] }
  | { readonly ok: false; readonly reason: string };

/** The canary weights in an observed object: where observedWeight says, or wherever the template has them. */
export function readWeights(config: TemplateConfig, observed: Fields, values: Values): WeightsRead {
  return config.observedWeight === undefined
    ? readInPlace(config, observed, values)
    : readByPath(config, config.observedWeight, observed, values);
}

function readByPath(config: TemplateConfig, path: string, observed: Fields, values: Values): WeightsRead {
  const found = select(observed, fillText(path, values));
  if (found === undefined) return { ok: false, reason: `observedWeight ${path} is not a JSONPath` };
  const weights = found.map(value => weightOf(value) ?? readAny(value, config, values));
  const known = weights.filter(weight => weight !== undefined);
  if (known.length === 0 || known.length < weights.length) {
    return { ok: false, reason: `observedWeight ${path} finds ${known.length === 0 ? 'no' : 'not only'} weights` };
  }
  return { ok: true, weights: known };
}

function select(observed: Fields, path: string): readonly unknown[] | undefined {
  try {
    return query(observed as JsonValue, path);
  } catch {
    // A path that does not parse; said by the caller.
    return undefined;
  }
}

/** A text with the weight inside, such as an annotation that holds JSON. */
function readAny(value: unknown, { object }: TemplateConfig, values: Values): number | undefined {
  if (typeof value !== 'string') return undefined;
  return weightTexts(object)
    .map(written => readText(value, written, values))
    .find(weight => weight !== undefined);
}

function weightTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.includes('$(canaryWeight)') ? [value] : [];
  return (isObject(value) ? Object.values(value) : items(value)).flatMap(weightTexts);
}

function readInPlace({ object }: TemplateConfig, observed: Fields, values: Values): WeightsRead {
  const weights = walk(object, observed, values);
  const known = weights.filter(weight => weight !== undefined);
  return known.length > 0 && known.length === weights.length
    ? { ok: true, weights: known }
    : { ok: false, reason: 'the canary weight is not where the template has it' };
}

function walk(template: unknown, observed: unknown, values: Values): readonly (number | undefined)[] {
  if (typeof template === 'string')
    return template.includes('$(canaryWeight)') ? [readOne(template, observed, values)] : [];
  if (isObject(template)) {
    const inner = isObject(observed) ? observed : {};
    return Object.entries(template).flatMap(([key, value]) => walk(value, inner[key], values));
  }
  const list = items(observed);
  return items(template).flatMap((value, index) => walk(value, list[index], values));
}

function readOne(template: string, observed: unknown, values: Values): number | undefined {
  if (template === '$(canaryWeight)') return weightOf(observed);
  return typeof observed === 'string' ? readText(observed, template, values) : undefined;
}
