/** Numbers, durations and names, as the languages write them. */
import type { Operands } from './grammar.js';

export const NUMBER = '(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?';
export const LITERAL = `${NUMBER}|true|false|null`;
export const DURATION = '(?:\\d+(?:ms|[smhdwy]))+';
export const NAME = '[A-Za-z_]\\w*';
export const PATH = `${NAME}(?:\\.${NAME})*`;

interface Forms {
  readonly alone: string;
  /** Absent: nothing may touch it. */
  readonly within?: string;
  /** The inside of a character class. Absent: letters, digits and `_ .`. */
  readonly touching?: string;
  readonly reserved?: string;
}

export function operands({ alone, within = '(?!)', touching = '\\w.', reserved = '' }: Forms): Operands {
  return {
    alone: new RegExp(`^(?:${alone})$`),
    within: new RegExp(`^(?:${within})$`),
    touching: new RegExp(`[${touching}]`),
    reserved: wordSet(reserved),
  };
}

export function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(' ').filter(word => word !== ''));
}
