/** Where a hole is: outside strings, in which kind of string, or somewhere unclear. One pass over the text. */
import { escapeRegex } from '../../../schema/regex.js';
import type { Comment, Grammar, Quoting } from './grammar.js';

export type Region =
  | { readonly in: 'code' }
  | { readonly in: 'string'; readonly quoting: Quoting }
  | { readonly in: 'comment'; readonly comment: Comment }
  /** From here on: what looks like a string may be none. */
  | { readonly in: 'doubt' };

export interface State {
  readonly region: Region;
  /** The end of the code so far, without comments; a string or a value is a single character of it. */
  readonly code: string;
  /** The last character belongs to the next one, as a backslash does. */
  readonly cut: boolean;
}

export const START: State = { region: { in: 'code' }, code: '', cut: false };

const CODE: Region = { in: 'code' };

/** As much of the code as any rule looks back. */
const LOOK_BACK = 64;

/** Stands for a string or a value in `code`. */
const OPERAND = '\u0000';

export function lastCharacter({ code }: State): string {
  return code.trimEnd().at(-1) ?? '';
}

/** The state after a value: it is an operand, a part of the string, or of the comment. */
export function afterValue(state: State): State {
  return state.region.in === 'code' ? withCode(state, OPERAND) : { ...state, cut: false };
}

export const inDoubt: State = { ...START, region: { in: 'doubt' } };

export function scan(grammar: Grammar, before: State, text: string): State {
  let state: State = { ...before, cut: false };
  for (let at = 0; at < text.length; ) {
    const step = stepFrom(grammar, state, text, at);
    state = step.state;
    at = step.at;
  }
  return state;
}

interface Step {
  readonly state: State;
  readonly at: number;
}

function stepFrom(grammar: Grammar, state: State, text: string, at: number): Step {
  const { region } = state;
  switch (region.in) {
    case 'code':
      return inCode(grammar, state, text, at);
    case 'string':
      return inString(region.quoting, state, text, at);
    case 'comment': {
      const end = search(region.comment.close, text, at);
      if (end === undefined) return { state, at: text.length };
      return { state: { ...state, region: CODE }, at: end.index + end[0].length };
    }
    case 'doubt':
      return { state, at: text.length };
    default:
      return region satisfies never;
  }
}

/** To the next thing that may begin a string or a comment. */
function inCode(grammar: Grammar, state: State, text: string, at: number): Step {
  const found = search(openings(grammar), text, at);
  if (found === undefined) return { state: withCode(state, text.slice(at)), at: text.length };
  const [opening] = found;
  const before = withCode(state, text.slice(at, found.index));
  const after = found.index + opening.length;
  const comment = grammar.comments.find(({ open }) => open === opening);
  if (comment !== undefined) return { state: { ...before, region: { in: 'comment', comment } }, at: after };
  const quoting = grammar.quotings.find(({ open, begins }) => open === opening && begins?.(before.code) !== false);
  if (quoting === undefined) return { state: withCode(before, opening.slice(0, 1)), at: found.index + 1 };
  return { state: { ...before, region: { in: 'string', quoting } }, at: after };
}

function inString(quoting: Quoting, state: State, text: string, at: number): Step {
  const found = search(inside(quoting), text, at);
  if (found === undefined) return { state, at: text.length };
  const { skipped, unsure } = found.groups ?? {};
  const after = found.index + found[0].length;
  if (unsure !== undefined) return { state: inDoubt, at: text.length };
  if (skipped === undefined) return { state: { ...withCode(state, OPERAND), region: CODE }, at: after };
  // A pair of which only the first half is here.
  return { state: { ...state, cut: skipped.length === 1 }, at: after };
}

function withCode(state: State, code: string): State {
  return { ...state, code: (state.code + code.slice(-LOOK_BACK)).slice(-LOOK_BACK), cut: false };
}

/** With a pattern that is global. */
function search(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

const openingsOf = new WeakMap<Grammar, RegExp>();

function openings(grammar: Grammar): RegExp {
  const known = openingsOf.get(grammar);
  if (known !== undefined) return known;
  const texts = [...grammar.comments, ...grammar.quotings].map(({ open }) => open);
  const longestFirst = [...new Set(texts)].sort((left, right) => right.length - left.length);
  // (?!) is found nowhere.
  const pattern = new RegExp(longestFirst.map(escapeRegex).join('|') || '(?!)', 'g');
  openingsOf.set(grammar, pattern);
  return pattern;
}

const insideOf = new WeakMap<Quoting, RegExp>();

function inside(quoting: Quoting): RegExp {
  const known = insideOf.get(quoting);
  if (known !== undefined) return known;
  const { close, skip, unsure } = quoting;
  const alternatives = [
    ...(unsure === undefined ? [] : [`(?<unsure>${unsure})`]),
    ...(skip === undefined ? [] : [`(?<skipped>${skip})`]),
    escapeRegex(close),
  ];
  const pattern = new RegExp(alternatives.join('|'), 'g');
  insideOf.set(quoting, pattern);
  return pattern;
}
