import { isList, isObject, type Json } from '../schema/json.js';
import { HIDDEN } from './redact.js';

/**
 * What may be shown of an answer to a question that was asked with a Secret: its numbers, true, false and null, in their
 * lists. Whoever answers knows the Secret and may write it in a text in a hundred ways; people decide by the numbers.
 */
export function withoutTexts(value: Json, secrets: Iterable<string>): Json {
  const own = [...secrets].map(digitsOf).filter(digits => digits !== '');
  const shown = (part: Json | undefined): Json => {
    if (typeof part === 'string') return HIDDEN;
    if (typeof part === 'number') return isOwn(digitsOf(String(part)), own) ? HIDDEN : part;
    if (isList(part)) return part.map(shown);
    // Names of fields are texts.
    if (isObject(part)) return Object.values(part).map(shown);
    return part ?? null;
  };
  return shown(value);
}

/** Shorter digits stand in many a number and tell nothing. */
const TELLING = 4;

/** A number that is all of a Secret's digits, or a longer part of them. */
function isOwn(digits: string, own: readonly string[]): boolean {
  return own.some(secret => secret === digits || (digits.length >= TELLING && secret.includes(digits)));
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, '');
}
