/** The language of conditions: CEL, with Argo Rollouts' helpers and numbers that may be mixed. */
import { Environment } from '@marcbachmann/cel-js';

/** Far above any condition that a person would write. */
const limits = { maxAstNodes: 400, maxDepth: 32, maxListElements: 100, maxMapEntries: 50, maxCallArguments: 8 };

/**
 * JSON numbers are doubles and whole literals are ints, which CEL does not mix in arithmetic. It compares them, and so
 * `result[0] * 100 > 5` works as it does in Argo. Division of two ints stays CEL's (see `condition.ts`).
 */
function mixNumbers(environment: Environment): Environment {
  const operations: Readonly<Record<string, (left: number, right: number) => number>> = {
    '+': (left, right) => left + right,
    '-': (left, right) => left - right,
    '*': (left, right) => left * right,
    '/': (left, right) => left / right,
    '%': (left, right) => left % right,
  };
  for (const [sign, operation] of Object.entries(operations)) {
    const mixed = (left: unknown, right: unknown) => operation(Number(left), Number(right));
    environment.registerOperator(`double ${sign} int: double`, mixed);
    environment.registerOperator(`int ${sign} double: double`, mixed);
  }
  return environment.registerOperator('double % double: double', (left: number, right: number) => left % right);
}

function parseWhole(text: string): bigint {
  if (/^[+-]?\d+$/.test(text)) return BigInt(text);
  throw new RangeError(`asInt: ${JSON.stringify(text)} is not a whole number`);
}

function truncate(value: number): bigint {
  if (Number.isFinite(value)) return BigInt(Math.trunc(value));
  throw new RangeError(`asInt: ${value} has no whole part`);
}

function parseDouble(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && !Number.isNaN(value)) return value;
  if (/^nan$/i.test(text)) return Number.NaN;
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  throw new RangeError(`asFloat: ${JSON.stringify(text)} is not a number`);
}

function addHelpers(environment: Environment): Environment {
  return environment
    .registerFunction('asInt(double): int', truncate)
    .registerFunction('asInt(int): int', (value: bigint) => value)
    .registerFunction('asInt(string): int', parseWhole)
    .registerFunction('asFloat(double): double', (value: number) => value)
    .registerFunction('asFloat(int): double', (value: bigint) => Number(value))
    .registerFunction('asFloat(string): double', parseDouble)
    .registerFunction('isNaN(double): bool', (value: number) => Number.isNaN(value))
    .registerFunction('isNaN(int): bool', () => false)
    .registerFunction('isInf(double): bool', (value: number) => value === Infinity || value === -Infinity)
    .registerFunction('isInf(int): bool', () => false)
    .registerFunction('isNil(dyn): bool', (value: unknown) => value === null)
    .registerFunction('default(dyn, dyn): dyn', (value: unknown, otherwise: unknown) => value ?? otherwise);
}

/** Made once: building it is expensive, and it has no state. */
export const conditionEnvironment: Environment = addHelpers(
  mixNumbers(new Environment({ limits, homogeneousAggregateLiterals: false }).registerVariable('result', 'dyn')),
);
