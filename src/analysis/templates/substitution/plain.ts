/** Texts that nothing parses, or only the program that reads the field. */
import { everywhere, type InsertRule, type RefusedValue } from './rule.js';
import { isWhole } from './template.js';

export const data: InsertRule = everywhere(text => text);

/** Secrets often end with a line break, which the header does not need. */
export const header: InsertRule = everywhere(text => {
  const line = text.replace(/[\r\n]+$/, '');
  return /[^\P{Cc}\t]/u.test(line) ? { problem: 'has a line break or another control character' } : line;
});

export const word: InsertRule = everywhere(text =>
  /^[\x21-\x7e]+$/.test(text) ? text : { problem: 'is not one word without white space' },
);

/** Letters and digits, and single marks between them: in no language do they end a string, or begin a comment. */
const NAME = /^[\p{L}\p{N}_]+(?:[.~:/@-][\p{L}\p{N}_]+)*$/u;

/** What may be next to other text in a place whose language is unknown. */
export function besideText(text: string): string | RefusedValue {
  return NAME.test(text) ? text : { problem: 'is beside other text, and is more than a name or a number' };
}

/** A whole string may be anything: JSON is written by us. Beside other text it could be part of a query. */
export const json: InsertRule = template => (isWhole(template) ? data : everywhere(besideText))(template);
