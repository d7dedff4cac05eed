/** A text with holes for values: what the languages' rules look at. */
import { nameIn, splitAtPlaceholders } from '../../../schema/placeholders.js';

/** An argument as it is used in one template. */
export interface Argument {
  /** Absent: it comes from a Secret and is filled in before each query, by the same rules. */
  readonly text?: string;
  /** The author of the template has it inserted as it is. */
  readonly raw: boolean;
  /** It is shown in no message. */
  readonly secret: boolean;
}

/** The argument of `{{name}}`; undefined if there is none. */
export type Arguments = (name: string) => Argument | undefined;

/** A value that is not code. */
export interface Hole extends Argument {
  /** With its braces. */
  readonly placeholder: string;
}

export interface HoledText {
  /** One more than there are holes. Raw values are part of them. */
  readonly literals: readonly string[];
  readonly holes: readonly Hole[];
  /** Names of placeholders without an argument; they are left in the literals. */
  readonly unknown: readonly string[];
}

export function templateOf(text: string, args: Arguments): HoledText {
  const { literals, placeholders } = splitAtPlaceholders(text);
  const [first = '', ...rest] = literals;
  const parts: string[][] = [[first]];
  const holes: Hole[] = [];
  const unknown: string[] = [];
  placeholders.forEach((placeholder, index) => {
    const arg = args(nameIn(placeholder));
    const literal = rest[index] ?? '';
    if (arg === undefined) unknown.push(nameIn(placeholder));
    if (arg === undefined || (arg.raw && arg.text !== undefined)) {
      parts.at(-1)?.push(arg?.text ?? placeholder, literal);
    } else {
      holes.push({ ...arg, placeholder });
      parts.push([literal]);
    }
  });
  return { literals: parts.map(part => part.join('')), holes, unknown };
}

/** The text with something in each hole. */
export function join({ literals }: HoledText, inserted: readonly string[]): string {
  return literals.map((literal, index) => literal + (inserted[index] ?? '')).join('');
}

/** Whether the text is one placeholder and nothing else. */
export function isWhole({ literals }: HoledText): boolean {
  return literals.length === 2 && literals.every(literal => literal === '');
}
