import { isList, type Json, type JsonObject } from '../../schema/json.js';
import { escapeRegex } from '../../schema/regex.js';

/** What a template may name, `$(canaryWeight)` and so on, in any of its texts. */
const NAMES = [
  'stableWeight',
  'canaryWeight',
  'stableService',
  'canaryService',
  'stableRevision',
  'canaryRevision',
] as const;
export const PLACEHOLDERS: readonly string[] = NAMES.map(name => `$(${name})`);

/** What each of them stands for. */
export type Values = { readonly [Name in (typeof NAMES)[number]]: Name extends `${string}Weight` ? number : string };

const PLACEHOLDER = /\$\((\w+)\)/g;

/** Placeholders in a text replaced; what names none of the values stays. */
export function fillText(template: string, values: Values): string {
  return template.replace(PLACEHOLDER, (written, name: string) => String(lookUp(name, values) ?? written));
}

/** The same in every text of a value. A text that is nothing but a weight becomes a number. */
function fillJson(template: Json, values: Values): Json {
  if (typeof template === 'string') return fillOne(template, values);
  if (template === null || typeof template !== 'object') return template;
  if (isList(template)) return template.map(item => fillJson(item, values));
  return fillObject(template, values);
}

export function fillObject(template: JsonObject, values: Values): JsonObject {
  const entries = Object.entries(template).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, fillJson(value, values)] as const],
  );
  return Object.fromEntries(entries);
}

function fillOne(template: string, values: Values): Json {
  if (template === '$(stableWeight)') return values.stableWeight;
  return template === '$(canaryWeight)' ? values.canaryWeight : fillText(template, values);
}

function lookUp(name: string, values: Values): string | number | undefined {
  const known = NAMES.find(each => each === name);
  return known && values[known];
}

/** Longest name that stands for a placeholder. */
const LONGEST = 253;

/**
 * The canary weight in a text that was made from `template`; undefined when it was not, or when it tells none. Takes
 * time in proportion to the text, because it reads nothing with a template that is ambiguous.
 */
export function readText(text: string, template: string, values: Values): number | undefined {
  const parts = template.split(PLACEHOLDER);
  if (text.length > template.length + parts.length * LONGEST || ambiguity(template) !== undefined) return undefined;
  const pattern = parts.map((part, index) => (index % 2 === 0 ? escapeRegex(part) : group(part, values)));
  const found = new RegExp(`^${pattern.join('')}$`)
    .exec(text)
    ?.slice(1)
    .find(digits => digits !== undefined);
  return found === undefined ? undefined : Number(found);
}

/** Revisions are read as whatever they are: the object may still carry earlier ones. */
function group(name: string, values: Values): string {
  if (name === 'canaryWeight') return '(\\d+)';
  if (name === 'stableWeight') return '\\d+';
  if (name === 'stableRevision' || name === 'canaryRevision') return '[a-z0-9]*';
  return escapeRegex(String(lookUp(name, values) ?? `$(${name})`));
}

const MAX_TEXT = 4096;

/** Why the weight cannot be read back from a text that is made from this template; undefined if it can. */
export function ambiguity(template: string): { readonly problem: string; readonly remedy: string } | undefined {
  if (template.length > MAX_TEXT) {
    const problem = `it contains $(canaryWeight) and has ${template.length} characters, more than ${MAX_TEXT}`;
    return { problem, remedy: 'write the weight into a string of its own' };
  }
  // Where a placeholder ends must be certain: trying every end of every one could take for ever.
  const [ambiguous] = /\$\(\w+Weight\)(?=\d|\$\(\w+\))|\$\(\w+Revision\)(?=[a-z0-9]|\$\(\w+\))/.exec(template) ?? [];
  if (ambiguous === undefined) return undefined;
  const problem = `it is unclear where ${ambiguous} ends: what follows could belong to it`;
  return { problem, remedy: 'separate them, for example with a comma or a space' };
}
