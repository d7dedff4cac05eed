/**
 * Arguments are data, not code: inserting one changes no more than one string, one operand or one part of a URL of the
 * text that its author wrote. What could change more is refused.
 */
import { isList, isObject, type Json, type JsonObject } from '../../../schema/json.js';
import { LANGUAGE, type Language } from '../../../schema/language.js';
import type { Place } from '../../../schema/place.js';
import { splitAtPlaceholders } from '../../../schema/placeholders.js';
import { show } from '../../../schema/show.js';
import { RULES, strict } from './languages.js';
import type { RefusedValue } from './rule.js';
import { type Arguments, type Hole, type HoledText, join, templateOf } from './template.js';

/** What this reads of a schema. */
interface SchemaNode {
  readonly [LANGUAGE]?: Language;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
}

/** Characters that values may still add. */
export interface Budget {
  left: number;
}

export interface Substitution {
  readonly args: Arguments;
  /** Told each name for which there is no argument; its placeholder stays. */
  readonly unknown: (name: string) => void;
  readonly budget: Budget;
  /** Where its author could let an argument be code: `in the template`. */
  readonly where: string;
}

/**
 * Every text of an object with its arguments filled in, by the rules of its language, which the schema declares.
 * Secrets whose values are not known yet keep their placeholders. Refused values are reported at `place`.
 */
export function substitute(object: JsonObject, schema: object, substitution: Substitution, place: Place): JsonObject {
  return inObject(object, schema as SchemaNode, substitution, place);
}

function inObject(object: JsonObject, node: SchemaNode, substitution: Substitution, place: Place): JsonObject {
  const entries = Object.entries(object).map(([key, value]) => {
    const field = node.properties && Object.hasOwn(node.properties, key) ? node.properties[key] : undefined;
    return [key, value === undefined ? value : inValue(value, field ?? inside(node), substitution, place.at(key))];
  });
  return Object.fromEntries(entries);
}

function inValue(value: Json, node: SchemaNode, substitution: Substitution, place: Place): Json {
  if (typeof value === 'string')
    return value.includes('{{') ? inText(value, node[LANGUAGE], substitution, place) : value;
  if (isList(value)) {
    return value.map((item, index) => inValue(item, node.items ?? inside(node), substitution, place.at(index)));
  }
  return isObject(value) ? inObject(value, node, substitution, place) : value;
}

/** What an object without known fields declares is true of all that it contains. */
function inside(node: SchemaNode): SchemaNode {
  const language = node[LANGUAGE];
  return language === undefined ? {} : { [LANGUAGE]: language };
}

/** Nobody reads more: texts after these are left as they are. */
export const MOST_PROBLEMS = 100;

function inText(text: string, language: Language | undefined, substitution: Substitution, place: Place): string {
  if (place.count >= MOST_PROBLEMS) return text;
  const template = templateOf(text, substitution.args);
  for (const name of template.unknown) substitution.unknown(name);
  if (isTooLong(template, text, substitution.budget)) {
    place.refuse('the values of its arguments are too long', 'use shorter values, or fewer of them');
    return text;
  }
  const rule = language === undefined ? strict : RULES[language];
  const values = rule(template);
  if (refuseAny(template.holes, values, substitution.where, place)) return text;
  const inserted = template.holes.map(({ placeholder }, index) => {
    const value = values[index];
    return typeof value === 'string' ? value : placeholder;
  });
  const filled = join(template, inserted);
  if (count(filled) === template.unknown.length + inserted.reduce((sum, each) => sum + count(each), 0)) return filled;
  place.refuse('the values of its arguments together form a placeholder', 'use values without { and }');
  return text;
}

function isTooLong({ literals, holes }: HoledText, text: string, budget: Budget): boolean {
  const parts = [...literals, ...holes.map(hole => hole.text ?? '')];
  budget.left -= parts.reduce((sum, { length }) => sum + length, 0) - text.length;
  return budget.left < 0;
}

/** Each argument is refused once in a text, however often it stands there. */
function refuseAny(
  holes: readonly Hole[],
  values: readonly (string | RefusedValue | undefined)[],
  where: string,
  place: Place,
): boolean {
  const refused = new Set<string>();
  holes.forEach(({ placeholder, text, secret }, index) => {
    const refusal = values[index];
    if (typeof refusal !== 'object' || refused.has(placeholder)) return;
    const value = secret || text === undefined ? 'its value' : `its value ${show(text)}`;
    const instead = refusal.instead === undefined ? '' : `${refusal.instead}, `;
    place.refuse(
      `${placeholder}: ${value} ${refusal.problem}`,
      `${instead}change the value, or set raw: true on the argument ${where}`,
    );
    refused.add(placeholder);
  });
  return refused.size > 0;
}

/** Values that end or begin with a brace can form one together, which would be taken for that of a Secret later. */
function count(text: string): number {
  return splitAtPlaceholders(text).placeholders.length;
}
