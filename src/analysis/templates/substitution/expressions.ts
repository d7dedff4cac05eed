/** CEL, the language of conditions, and the other languages that the hook itself reads; JSON; and what is unknown. */
import type { Grammar, Quoting } from './grammar.js';
import { DURATION, LITERAL, NAME, NUMBER, operands, PATH } from './operandForms.js';
import { BACKSLASHED, backslashed, escaped, inJson, verbatim } from './quotings.js';

function longString(quote: string): Quoting {
  const long = quote.repeat(3);
  return { open: long, close: long, skip: BACKSLASHED, write: value => backslashed(value, quote) };
}

function rawString(prefix: string, quote: string): Quoting {
  return { ...verbatim(prefix + quote, quote), skip: BACKSLASHED };
}

const QUOTES = ['"', "'"];
const RAW = ['r', 'R'].flatMap(prefix =>
  QUOTES.flatMap(quote => [rawString(prefix, quote), rawString(prefix, quote.repeat(3))]),
);

export const celGrammar: Grammar = {
  quotings: [...RAW, ...QUOTES.map(longString), ...QUOTES.map(quote => escaped(quote, backslashed))],
  comments: [{ open: '//', close: /\n/g }],
  // A name alone would be a variable, such as result itself: only fields have names.
  operands: operands({ alone: LITERAL, within: `(?:${NAME})?(?:\\.${NAME})*|${NUMBER}` }),
};

/** RFC 9535, and the form of kubectl. */
export const jsonPathGrammar: Grammar = {
  quotings: [escaped('"', inJson), escaped("'", inSingleQuotes)],
  comments: [],
  operands: operands({ alone: LITERAL, within: `\\.{0,2}${PATH}|${NUMBER}` }),
};

function inSingleQuotes(value: string): string {
  return inJson(value).replaceAll('\\"', '"').replaceAll("'", "\\'");
}

export const jsonTextGrammar: Grammar = {
  quotings: [escaped('"', inJson)],
  comments: [],
  operands: operands({ alone: LITERAL, touching: '\\w.+-' }),
};

/** What looks like a string may be none. */
export const unknownGrammar: Grammar = {
  quotings: [],
  comments: [],
  operands: operands({
    alone: `${NUMBER}|${DURATION}|${NAME}`,
    within: `${NUMBER}|${DURATION}|${PATH}`,
    reserved: 'and or not in is like between if then else case when end select from where union by on',
  }),
};
