/** How the query languages write strings, comments and operands. */
import type { RefusedValue } from './rule.js';

/** A kind of string. */
export interface Quoting {
  readonly open: string;
  readonly close: string;
  /** Of two characters or more: pairs inside the string that do not end it, as a regular expression. */
  readonly skip?: string;
  /** After this, inside the string, nothing is certain any more: code in a string, or an escape of unknown meaning. */
  readonly unsure?: string;
  /** Whether `open` begins a string after this code; absent: always. */
  readonly begins?: (code: string) => boolean;
  /** A value inside the string. `code` is what precedes the string. */
  readonly write: (value: string, code: string) => string | RefusedValue;
}

export interface Comment {
  readonly open: string;
  /** A regular expression. */
  readonly close: RegExp;
}

/** What a value may be outside strings: a single operand. */
export interface Operands {
  /** Numbers without a sign, durations and names. */
  readonly alone: RegExp;
  /** What it may be together with the word that it is part of. */
  readonly within: RegExp;
  /** Characters that make one word with what they touch. */
  readonly touching: RegExp;
  /** Words in lower case that are operators or begin a clause. */
  readonly reserved: ReadonlySet<string>;
}

export interface Grammar {
  readonly quotings: readonly Quoting[];
  readonly comments: readonly Comment[];
  readonly operands: Operands;
}
