/** Kinds of strings that several languages have. */
import { escapeRegex } from '../../../schema/regex.js';
import type { Quoting } from './grammar.js';
import type { RefusedValue } from './rule.js';

type Write = Quoting['write'];

/** A backslash and what it belongs to, or a backslash at the end of what is known. */
export const BACKSLASHED = '\\\\(?:[^]|$)';

/** A string with escapes. */
export function escaped(quote: string, write: (value: string, quote: string) => string): Quoting {
  return { open: quote, close: quote, skip: BACKSLASHED, write: value => write(value, quote) };
}

/** A string in which every character stands for itself. */
export function verbatim(open: string, close = open): Quoting {
  return { open, close, write: withoutQuotes };
}

/** A string whose escapes are not certain: a backslash in the template ends all certainty, in a value it is refused. */
export function unescaped(quote: string, write: Write = withoutQuotes): Quoting {
  return { open: quote, close: quote, unsure: '\\\\', write };
}

/** As in C, Go and CEL. */
export function backslashed(value: string, quote: string): string {
  return value.replace(/[\\\p{Cc}]/gu, escapeOf).replaceAll(quote, `\\${quote}`);
}

const NAMED: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Above ASCII, `\\x` would be a byte of UTF-8. */
function escapeOf(character: string): string {
  return NAMED[character] ?? (character < '\x80' ? hexEscape(character) : character);
}

export function hexEscape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** JSON's escapes, without its quotes. */
export function inJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

export function withoutQuotes(value: string): string | RefusedValue {
  return /["'`\\\p{Cc}]/u.test(value)
    ? { problem: 'has a quote, a backslash or a control character, which cannot be escaped here' }
    : value;
}

/** For strings that may be queries themselves. */
export function nameOnly(reserved: ReadonlySet<string>, more = ''): Write {
  const form = new RegExp(`^(?:[\\p{L}\\p{N}_][\\p{L}\\p{N}_.:/@${more}-]*)?$`, 'u');
  return value =>
    form.test(value) && !reserved.has(value.toLowerCase())
      ? value
      : { problem: 'is more than a name of letters, digits and _ . : / @ -' };
}

/** A value inside a regular expression stands for itself. Those that would match more are refused. */
export function literalInRegex(value: string): string | RefusedValue {
  return /[*+?()[\]{}|^$\\]/.test(value)
    ? { problem: 'is inside a regular expression, and has characters with a meaning there' }
    : escapeRegex(value);
}
