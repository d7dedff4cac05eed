/** Values in a query or an expression: escaped inside strings, an operand outside. */
import type { Grammar, Operands } from './grammar.js';
import { LONGEST_WORD, operand } from './operand.js';
import { type InsertRule, inserted, type RefusedValue } from './rule.js';
import { afterValue, inDoubt, lastCharacter, START, type State, scan } from './scan.js';
import type { Hole, HoledText } from './template.js';

const AFTER_ESCAPE: RefusedValue = {
  problem: 'follows a character that gives it another meaning',
  instead: 'remove the \\ or $ before it',
};

export function code(grammar: Grammar): InsertRule {
  return template => {
    const [first = ''] = template.literals;
    let state = scan(grammar, START, first);
    let before = first;
    return template.holes.map((hole, index) => {
      const value = inserted(hole, text => insertAt(state, text, grammar, { template, index, before }));
      const literal = template.literals[index + 1] ?? '';
      before = (before + (typeof value === 'string' ? value : '') + literal).slice(-LONGEST_WORD - 1);
      state = scan(grammar, stateAfter(state, hole), literal);
      return value;
    });
  };
}

/** Whatever a raw value will be, only it knows whether a string begins in it. */
function stateAfter(state: State, { raw }: Hole): State {
  return raw ? inDoubt : afterValue(state);
}

interface Where {
  readonly template: HoledText;
  /** Of the hole. */
  readonly index: number;
  readonly before: string;
}

function insertAt(state: State, value: string, grammar: Grammar, where: Where): string | RefusedValue {
  if (state.cut) return AFTER_ESCAPE;
  const { region } = state;
  if (region.in !== 'string') return outside(state, value, grammar.operands, where);
  const { close, write } = region.quoting;
  const after = where.template.literals[where.index + 1] ?? '';
  // `""` followed by `"` is the beginning of a longer string in some languages, or an escaped quote.
  if (value === '' && (close.length > 1 || after.startsWith(close + close))) return { problem: 'is empty' };
  return write(value, state.code);
}

function outside(
  state: State,
  value: string,
  operands: Operands,
  { template, index, before }: Where,
): string | RefusedValue {
  const { literals, holes } = template;
  return operand(value, operands, {
    before,
    after: literals[index + 1] ?? '',
    followsUnknown: literals[index] === '' && index > 0 && holes[index - 1]?.text === undefined,
    continues: index + 1 < holes.length,
    previous: state.region.in === 'code' ? lastCharacter(state) : '"',
  });
}
