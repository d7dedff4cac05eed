/** What a language makes of values. */
import type { Hole, HoledText } from './template.js';

/** Why a value cannot be inserted. Neither names the value. */
export interface RefusedValue {
  readonly problem: string;
  /** What else to write, besides changing the value. Absent: nothing. */
  readonly instead?: string;
}

/** Text to insert, for each hole. A value that is not there yet is only stepped over: undefined. */
export type InsertRule = (template: HoledText) => readonly (string | RefusedValue | undefined)[];

/** The same for every hole, wherever it is. */
export function everywhere(insert: (text: string) => string | RefusedValue): InsertRule {
  return ({ holes }) => holes.map(hole => inserted(hole, insert));
}

export function inserted(
  { text }: Hole,
  insert: (text: string) => string | RefusedValue,
): string | RefusedValue | undefined {
  return text === undefined ? undefined : insert(text);
}
