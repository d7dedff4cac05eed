/**
 * Conditions of metrics, in CEL: parsed, type-checked and bounded when they are first seen, so that a metric is
 * refused before it runs and not when its first measurement cannot be judged.
 */
import { type ASTNode, EvaluationError, type ParseResult } from '@marcbachmann/cel-js';
import { LRUCache } from 'lru-cache';
import type { Json } from '../schema/json.js';
import { nearest } from '../schema/nearest.js';
import type { Problem, Result } from '../schema/problem.js';
import { show } from '../schema/show.js';
import { conditionEnvironment } from './conditionFunctions.js';
import { costOf, KNOWN_FUNCTIONS, MAX_COST, MAX_RESULT_SIZE } from './cost.js';
import { withMixedNumbers } from './mixedNumbers.js';

export const MAX_CONDITION_LENGTH = 1024;

const WRITE_CEL =
  'conditions are CEL, such as result[0] >= 0.95; docs/analysis.md has a table that converts expr-lang, the language of Argo Rollouts';

export type Judgement =
  | { readonly ok: true; readonly holds: boolean }
  /** The condition says nothing about this result: a missing key, an empty list, a text where a number was expected. */
  | { readonly ok: false; readonly message: string };

export interface CompiledCondition {
  readonly text: string;
  /** Never throws. */
  judge(result: Json): Judgement;
  /** What that costs at worst, as `costOf` counts. */
  costOfJudging(result: Json): number;
}

/** What these yield has no static type when result is an operand, and is never true or false. */
const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '-_']);

type Compiled = CompiledCondition | Omit<Problem, 'path'>;

/** Characters of the texts that are remembered. Each takes some 60 bytes when it is compiled. */
const MAX_REMEMBERED = 256 * 1024;

/** For an entry besides its text. */
const OVERHEAD = 64;

const cache = new LRUCache<string, Compiled>({
  maxSize: MAX_REMEMBERED,
  sizeCalculation: (_, text) => OVERHEAD + text.length,
  memoMethod: compile,
});

/** `path` is the field that holds the condition. */
export function compileCondition(text: string, path: string): Result<CompiledCondition> {
  const compiled = cache.memo(text);
  return 'judge' in compiled ? { ok: true, value: compiled } : { ok: false, problems: [{ path, ...compiled }] };
}

function compile(text: string): Compiled {
  if (text.length > MAX_CONDITION_LENGTH) {
    return {
      problem: `the condition has ${text.length} characters`,
      remedy: `write at most ${MAX_CONDITION_LENGTH}: let the query do more of the work`,
    };
  }
  const mixed = withMixedNumbers(text, conditionEnvironment);
  return refusalOf(text, mixed) ?? condition(text, () => conditionEnvironment.parse(mixed));
}

/** Why a text is no condition; undefined when it is one. `mixed` is what is evaluated. */
function refusalOf(text: string, mixed: string): Omit<Problem, 'path'> | undefined {
  const checked = conditionEnvironment.check(mixed);
  // Functions first: the type checker calls an unknown one a matter of types.
  const ast = parsed(mixed);
  const cost = ast && costOf(ast);
  if (cost !== undefined && !cost.ok) return unknownFunction(text, cost.unknownFunction);
  if (!checked.valid || ast === undefined) {
    return {
      problem: `the condition ${show(text)} is not valid: ${checked.error?.summary ?? 'it cannot be parsed'}`,
      remedy: WRITE_CEL,
    };
  }
  if (checked.type !== 'bool' && (checked.type !== 'dyn' || arithmetic.has(ast.op))) {
    return {
      problem: `the condition ${show(text)} yields ${arithmetic.has(ast.op) ? 'a number' : checked.type}, not true or false`,
      remedy: 'compare it with something, such as result[0] >= 0.95',
    };
  }
  if (dividesWhole(ast)) {
    return {
      problem: `the condition ${show(text)} divides a whole number by a whole number, which drops the remainder`,
      remedy: 'write one of them with a decimal point (100.0), or as double(…)',
    };
  }
  if (countsFromEnd(ast)) {
    return {
      problem: `the condition ${show(text)} has a negative index, which is no place in a list`,
      remedy: 'write list[size(list) - 1] for the last',
    };
  }
  return (cost?.cost ?? 0) > MAX_COST ? tooExpensive(text) : undefined;
}

function parsed(text: string): ASTNode | undefined {
  try {
    return conditionEnvironment.parse(text).ast;
  } catch {
    return undefined;
  }
}

/** Functions of Argo's language that have no CEL form, and no misspelt ones of ours. */
const QUERY_DOES_IT: ReadonlySet<string> = new Set(
  'abs ceil floor round sum mean median keys values sort sortBy groupBy reduce now date matches'.split(' '),
);

function unknownFunction(text: string, name: string): Omit<Problem, 'path'> {
  return {
    problem: `the condition ${show(text)} calls ${name}, which conditions do not have`,
    remedy: remedyFor(name),
  };
}

function remedyFor(name: string): string {
  if (name === 'max' || name === 'min') return 'write list.all(x, x < 0.05) or list.exists(x, x > 0.05)';
  if (QUERY_DOES_IT.has(name)) return 'let the query do it';
  const meant = nearest(name, KNOWN_FUNCTIONS);
  if (meant === name) return `call it on a list: list.${name}(x, x > 1)`;
  return meant === undefined ? WRITE_CEL : `did you mean ${meant}?`;
}

function tooExpensive(text: string): Omit<Problem, 'path'> {
  return {
    problem: `the condition ${show(text)} can take too long on a large result`,
    remedy: 'nest fewer all, exists, map and filter, or let the query or the jsonPath pick less',
  };
}

/** `1 / 3` is 0 in CEL and 0.33 in Argo's language: refused, because nobody wants the 0. */
function dividesWhole(node: ASTNode): boolean {
  if (node.op === '/' && node.args.every(isWhole)) return true;
  return operands(node).some(dividesWhole);
}

/** The last one in Argo's language; nothing in CEL. */
function countsFromEnd(node: ASTNode): boolean {
  if (node.op === '[]' && node.args[1].op === '-_') return true;
  return operands(node).some(countsFromEnd);
}

function isWhole(node: ASTNode): boolean {
  switch (node.op) {
    case 'value':
      return typeof node.args === 'bigint';
    case 'call':
      return ['size', 'int', 'asInt'].includes(node.args[0]);
    case 'rcall':
      return node.args[0] === 'size';
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return node.args.every(isWhole);
    case '-_':
      return isWhole(node.args);
    default:
      return false;
  }
}

function operands(node: ASTNode): readonly ASTNode[] {
  const parts: readonly unknown[] = Array.isArray(node.args) ? node.args.flat(2) : [node.args];
  return parts.filter((part): part is ASTNode => typeof part === 'object' && part !== null && 'op' in part);
}

/** Parsed when it is needed: many conditions are read and never judged. */
function condition(text: string, parse: () => ParseResult): CompiledCondition {
  let parsedOnce: ParseResult | undefined;
  const evaluation = () => {
    parsedOnce ??= parse();
    return parsedOnce;
  };
  return {
    text,
    costOfJudging(result) {
      const cost = costOf(evaluation().ast, Math.min(sizeOf(result), MAX_RESULT_SIZE));
      return cost.ok ? cost.cost : 0;
    },
    judge(result) {
      if (sizeOf(result) > MAX_RESULT_SIZE) return { ok: false, message: 'the result is too large to be judged' };
      try {
        const holds: unknown = evaluation()({ result });
        if (typeof holds === 'boolean') return { ok: true, holds };
        return { ok: false, message: 'the condition yields neither true nor false' };
      } catch (error) {
        return { ok: false, message: isEmpty(result) ? 'the query returned no data' : reasonOf(error) };
      }
    },
  };
}

/** JSON nodes, and texts by 16 characters; it stops counting when the limit is passed. */
function sizeOf(value: Json): number {
  const pending: unknown[] = [value];
  let size = 0;
  while (pending.length > 0 && size <= MAX_RESULT_SIZE) {
    const next = pending.pop();
    size += typeof next === 'string' ? 1 + next.length / 16 : 1;
    if (typeof next === 'object' && next !== null) {
      const parts = Object.values(next);
      if (size + parts.length > MAX_RESULT_SIZE) return size + parts.length;
      pending.push(...parts);
    }
  }
  return size;
}

function isEmpty(result: Json): boolean {
  return result === null || (Array.isArray(result) && result.length === 0);
}

function reasonOf(error: unknown): string {
  if (error instanceof EvaluationError) return error.summary;
  return error instanceof Error ? error.message : 'it cannot be evaluated';
}
