/**
 * What a condition can cost at worst, from its text alone, so that no expression can stall the hook. As Kubernetes
 * does for the CEL rules of a CRD: every node has a bound of its work and of the size of what it yields, given the
 * largest result that is ever evaluated. Functions are listed here or they are refused; `matches` is not, because a
 * regular expression has no bound, and neither is `cel.bind`, which doubles a value with every use.
 */
import type { ASTNode } from '@marcbachmann/cel-js';

/** The largest result that a condition is evaluated on: its JSON nodes, and its texts by 16 characters. */
export const MAX_RESULT_SIZE = 20_000;

/** Some 20 ns each on a small machine: the most expensive condition allowed takes tens of milliseconds. */
export const MAX_COST = 1_000_000;

/** Deeper ones cost too much on any result. */
const MAX_NESTED_LOOPS = 3;

interface Bound {
  readonly cost: number;
  readonly size: number;
}

interface Scope {
  /** Sizes of the variables. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly loops: number;
}

/** Functions whose work and result are no larger than their arguments together. */
const linear: ReadonlySet<string> = new Set(
  `asInt asFloat isNaN isInf isNil default size has string int double uint bool dyn type contains startsWith endsWith
   lowerAscii upperAscii trim indexOf lastIndexOf substring split timestamp duration getHours getMinutes getSeconds
   getMilliseconds`.split(/\s+/),
);

/** Parts of a time, with a time zone as their argument: it is looked up anew each time. */
const ofTime: ReadonlySet<string> = new Set(['getHours', 'getMinutes', 'getSeconds', 'getMilliseconds']);

const TIME_ZONE = 2000;

/** Functions that walk through a list; their first argument names the element. */
const loops: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

export const KNOWN_FUNCTIONS: readonly string[] = [...linear, ...loops, 'join'];

export type Cost =
  | { readonly ok: true; readonly cost: number }
  | { readonly ok: false; readonly unknownFunction: string };

class UnknownFunction extends Error {}

/** `size`: of the result, as of `MAX_RESULT_SIZE`. */
export function costOf(ast: ASTNode, size = MAX_RESULT_SIZE): Cost {
  try {
    return { ok: true, cost: bound(ast, { sizes: new Map([['result', size]]), loops: 0 }).cost };
  } catch (error) {
    if (error instanceof UnknownFunction) return { ok: false, unknownFunction: error.message };
    throw error;
  }
}

function bound(node: ASTNode, scope: Scope): Bound {
  switch (node.op) {
    case 'value':
      return { cost: 1, size: typeof node.args === 'string' ? 1 + node.args.length / 16 : 1 };
    case 'id':
      return { cost: 1, size: scope.sizes.get(node.args) ?? 1 };
    case '.':
    case '.?': {
      const object = bound(node.args[0], scope);
      return { cost: object.cost + 1, size: object.size };
    }
    case '[]':
    case '[?]': {
      const [object, index] = both(node.args, scope);
      return { cost: object.cost + index.cost + 1, size: object.size };
    }
    case '!_':
    case '-_':
      return scalar(bound(node.args, scope).cost + 1);
    case 'list':
      return total(node.args.map(item => bound(item, scope)));
    case 'map':
      return total(node.args.flat().map(item => bound(item, scope)));
    case '?:':
      return branches(node.args, scope);
    case 'call':
      return call(node.args[0], node.args[1], scope);
    case 'rcall':
      return method(node.args[0], node.args[1], node.args[2], scope);
    case '+':
      return joinedBy(both(node.args, scope));
    case 'in':
      return membership(both(node.args, scope));
    default:
      return comparison(both(node.args, scope));
  }
}

function both([left, right]: readonly [ASTNode, ASTNode], scope: Scope): readonly [Bound, Bound] {
  return [bound(left, scope), bound(right, scope)];
}

/** Comparing ends where the shorter one does. */
function comparison([left, right]: readonly [Bound, Bound]): Bound {
  return scalar(left.cost + right.cost + Math.min(left.size, right.size));
}

/** Lists are copied, however little of the outcome is used. */
function joinedBy(operands: readonly [Bound, Bound]): Bound {
  const { cost, size } = total(operands);
  return { cost: cost + size, size };
}

function membership([value, list]: readonly [Bound, Bound]): Bound {
  return scalar(value.cost + list.cost + value.size + list.size);
}

function branches([condition, yes, no]: readonly [ASTNode, ASTNode, ASTNode], scope: Scope): Bound {
  const [left, right] = both([yes, no], scope);
  return { cost: bound(condition, scope).cost + left.cost + right.cost + 1, size: Math.max(left.size, right.size) };
}

function call(name: string, args: readonly ASTNode[], scope: Scope): Bound {
  if (!linear.has(name)) throw new UnknownFunction(name);
  return applied(
    name,
    args.map(item => bound(item, scope)),
  );
}

function method(name: string, receiver: ASTNode, args: readonly ASTNode[], scope: Scope): Bound {
  if (loops.has(name)) return loop(name, bound(receiver, scope), args, scope);
  if (name === 'join') return joined(bound(receiver, scope), total(args.map(item => bound(item, scope))));
  if (!linear.has(name)) throw new UnknownFunction(name);
  const whole = applied(name, [bound(receiver, scope), ...args.map(item => bound(item, scope))]);
  return ofTime.has(name) && args.length > 0 ? { ...whole, cost: whole.cost + TIME_ZONE } : whole;
}

/** Reading the kind of a value costs nothing; texts are walked through. */
function applied(name: string, args: readonly Bound[]): Bound {
  const { cost, size } = total(args);
  // A text can be split into its characters, of which 16 counted as one.
  if (name === 'split') return { cost: cost + 16 * size, size: 16 * size };
  // The library's reader takes a time that grows with the third power of the length.
  if (name === 'duration') return scalar(cost + (16 * (args[0]?.size ?? 0)) ** 3 / 200);
  return name === 'default' || name === 'dyn' ? { cost: cost + 1, size } : { cost: cost + size / 16 + 1, size };
}

function joined(list: Bound, separator: Bound): Bound {
  const size = list.size * (1 + separator.size);
  return { cost: list.cost + separator.cost + size, size };
}

/**
 * All elements together are no larger than the list. Work grows at least in proportion to an element's size, so the
 * worst lists are many small elements, or a single one that has it all: the sum of both bounds everything between.
 */
function loop(name: string, list: Bound, args: readonly ASTNode[], scope: Scope): Bound {
  if (scope.loops === MAX_NESTED_LOOPS) return { cost: Number.POSITIVE_INFINITY, size: list.size };
  const small = step(args, 1, scope);
  const large = step(args, list.size, scope);
  return {
    cost: list.cost + list.size * (small.cost + 1) + large.cost,
    size: name === 'map' ? list.size * small.size + large.size : list.size,
  };
}

function step(args: readonly ASTNode[], size: number, scope: Scope): Bound {
  const variable = args[0]?.op === 'id' ? args[0].args : '';
  const inner = { sizes: new Map([...scope.sizes, [variable, size]]), loops: scope.loops + 1 };
  return total(args.slice(1).map(part => bound(part, inner)));
}

function scalar(cost: number): Bound {
  return { cost, size: 1 };
}

function total(parts: readonly Bound[]): Bound {
  return parts.reduce((sum, part) => ({ cost: sum.cost + part.cost, size: sum.size + part.size }), {
    cost: 1,
    size: 1,
  });
}
