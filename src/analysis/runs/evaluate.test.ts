import { expect, test } from 'vitest';
import type { Json } from '../../schema/json.js';
import { evaluate } from './evaluate.js';

/** Conditions by what they say of the value 5; `breaks` cannot be evaluated on a number. */
const text = { absent: undefined, holds: 'result > 1', not: 'result > 9', breaks: 'result.a > 1' } as const;
type Side = keyof typeof text;

const table: readonly [success: Side, failure: Side, phase: string][] = [
  ['absent', 'absent', 'Successful'],
  ['absent', 'holds', 'Failed'],
  ['absent', 'not', 'Successful'],
  ['absent', 'breaks', 'Error'],
  ['holds', 'absent', 'Successful'],
  ['holds', 'holds', 'Inconclusive'],
  ['holds', 'not', 'Successful'],
  ['holds', 'breaks', 'Error'],
  ['not', 'absent', 'Failed'],
  ['not', 'holds', 'Failed'],
  ['not', 'not', 'Inconclusive'],
  ['not', 'breaks', 'Error'],
  ['breaks', 'absent', 'Error'],
  ['breaks', 'holds', 'Error'],
  ['breaks', 'not', 'Error'],
  ['breaks', 'breaks', 'Error'],
];

function conditions(success: Side, failure: Side) {
  return {
    ...(text[success] !== undefined && { successCondition: text[success] }),
    ...(text[failure] !== undefined && { failureCondition: text[failure] }),
  };
}

test.each(table)('success %s, failure %s: %s', (success, failure, phase) => {
  expect(evaluate(conditions(success, failure), 5).phase).toBe(phase);
});

test('an error names the condition and why', () => {
  expect(evaluate({ successCondition: 'result[0] > 1' }, [])).toEqual({
    phase: 'Error',
    message: 'successCondition: the query returned no data',
  });
});

test.each<[Json]>([[null], [Number.NaN], [[]], [{}], ['']])('without conditions %j is Successful', value => {
  expect(evaluate({}, value)).toEqual({ phase: 'Successful' });
});
