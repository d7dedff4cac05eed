/** A value outside strings: it stays a single operand, whatever is around it. */
import type { Operands } from './grammar.js';
import type { RefusedValue } from './rule.js';

/** What is around the value. */
export interface AroundOperand {
  /** The end of what precedes it, with the values inserted there. */
  readonly before: string;
  readonly after: string;
  /** A value that is not there yet precedes it immediately. */
  readonly followsUnknown: boolean;
  /** Another value follows `after`. */
  readonly continues: boolean;
  /** The last character of code that is no white space; empty at the beginning. */
  readonly previous: string;
}

const OUTSIDE: RefusedValue = {
  problem: 'is outside quotes, and is not a number, a duration or a plain name of this language',
  instead: 'put it in quotes',
};

/** Longer words are in no query, and would take long to check when each consists of many values. */
export const LONGEST_WORD = 256;

/** A minus sign begins an operand only after these. */
const BEFORE_SIGN = '(,[{:=<>+*/%?&|';

/** These bind stronger than a minus sign. */
const AFTER_SIGNED = '^.([';

export function operand(value: string, operands: Operands, around: AroundOperand): string | RefusedValue {
  const left = touchingEnd(around.before, operands.touching);
  const right = touchingStart(around.after, operands.touching);
  const goesOn = around.continues && right === around.after;
  const isWord = left === '' && right === '' && !goesOn && !around.followsUnknown;
  const fits = isWord ? fitsAlone(value, operands, around) : fitsWithin(value, left + value + right, goesOn, operands);
  return fits ? value : OUTSIDE;
}

/** `a {{x}}` with -1 would be a subtraction, and `{{x}} ^ 2` not the square of -1. */
function fitsAlone(value: string, { alone, reserved }: Operands, around: AroundOperand): boolean {
  if (alone.test(value)) return !isReserved(value, reserved);
  if (!/^-[\d.]/.test(value) || !alone.test(value.slice(1))) return false;
  const next = around.after.trimStart().slice(0, 1);
  return (around.previous === '' || BEFORE_SIGN.includes(around.previous)) && !(next && AFTER_SIGNED.includes(next));
}

/** If the word goes on with another value, that one is checked with all of it. */
function fitsWithin(value: string, word: string, goesOn: boolean, operands: Operands): boolean {
  const isPart = /^\w+$/.test(value) || (operands.touching.test('-') && /^[\w-]+$/.test(value));
  if (!isPart || word.length > LONGEST_WORD) return false;
  return goesOn || (operands.within.test(word) && !isReserved(word, operands.reserved));
}

/** Also as the name of a field, which would end the expression before it. */
function isReserved(word: string, reserved: ReadonlySet<string>): boolean {
  return word
    .toLowerCase()
    .split('.')
    .some(name => reserved.has(name));
}

function touchingStart(text: string, touching: RegExp): string {
  const near = text.slice(0, LONGEST_WORD + 1);
  let end = 0;
  while (end < near.length && touching.test(near.charAt(end))) end++;
  return near.slice(0, end);
}

function touchingEnd(text: string, touching: RegExp): string {
  const near = text.slice(-LONGEST_WORD - 1);
  let start = near.length;
  while (start > 0 && touching.test(near.charAt(start - 1))) start--;
  return near.slice(start);
}
