/**
 * CEL compares an int with a double only where it learns their types from the result: `result == 1` is allowed and
 * `asFloat(result) == 1` is not. Here every comparison is, as docs/analysis.md promises.
 */
import type { ASTNode, Environment, TypeCheckResult } from '@marcbachmann/cel-js';

/** Each costs a check of the whole text, and others wait meanwhile. */
const MAX_REWRITES = 8;

const OVERLOAD = /^no such overload: (.+) (==|!=|in) (.+)$/;

/** The same condition with `dyn(…)` around operands, so that ints and doubles are compared when it is evaluated. */
export function withMixedNumbers(text: string, environment: Environment): string {
  let rewritten = text;
  for (let count = 0; count < MAX_REWRITES; count++) {
    const { error } = environment.check(rewritten);
    const operand = error && mixedOperand(error);
    if (operand === undefined) return rewritten;
    const { start, end } = operand.range;
    rewritten = `${rewritten.slice(0, start)}dyn(${rewritten.slice(start, end)})${rewritten.slice(end)}`;
  }
  return rewritten;
}

/** The left operand of the comparison that is refused only because it mixes ints and doubles. */
function mixedOperand({ summary, node }: NonNullable<TypeCheckResult['error']>): ASTNode | undefined {
  const [, left = '', operator, right = ''] = OVERLOAD.exec(summary) ?? [];
  if (operator === undefined || !isComparison(node)) return undefined;
  const [one, other] = [asNumbers(left), asNumbers(right)];
  const isMixed = operator === 'in' ? other === `list<${one}>` || other.startsWith(`map<${one}, `) : one === other;
  return isMixed ? node.args[0] : undefined;
}

function isComparison(node: unknown): node is ASTNode & { readonly op: '==' | '!=' | 'in' } {
  const { op } = (node ?? {}) as { readonly op?: unknown };
  return op === '==' || op === '!=' || op === 'in';
}

/** A type with its ints and doubles alike. */
function asNumbers(type: string): string {
  return type.replaceAll(/\b(int|double)\b/g, 'number');
}
