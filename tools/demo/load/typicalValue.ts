/** Values that satisfy or violate conditions, found by trial, common values first. */

import { type Conditions, evaluate } from '../../../src/analysis/runs/evaluate.js';
import type { Json } from '../../../src/schema/json.js';
import type { AnalysisPhase } from '../../../src/status/analysisRuns.js';

/** Shares, times and codes that are common in conditions. */
const ORDINARY: readonly Json[] = [0.99, 0.01, 200, 0.5, 500, 1, 0, 100, 10_000, true, false, ''];

/** Undefined if no trial succeeds. */
export function passingValue(conditions: Conditions): Json | undefined {
  return find(conditions, 'Successful');
}

export function failingValue(conditions: Conditions): Json | undefined {
  return find(conditions, 'Failed');
}

function find({ successCondition, failureCondition }: Conditions, wanted: AnalysisPhase): Json | undefined {
  const conditions = { ...(successCondition && { successCondition }), ...(failureCondition && { failureCondition }) };
  const text = `${successCondition ?? ''} ${failureCondition ?? ''}`;
  const values = [...ORDINARY, ...literalsIn(text)];
  return values
    .flatMap(value => shapesOf(value, fieldsIn(text)))
    .find(value => evaluate(conditions, value).phase === wanted);
}

/** Literals in the conditions, and numbers on either side of them. */
function literalsIn(text: string): readonly Json[] {
  const numbers = [...text.matchAll(/(?<![\w.]|\w\[)-?\d+(\.\d+)?/g)].map(([number]) => Number(number));
  const texts = [...text.matchAll(/"([^"]*)"|'([^']*)'/g)].map(([, double, single]) => double ?? single ?? '');
  return [...numbers.flatMap(number => [number, number * 1.01 + 0.001, number * 0.99 - 0.001]), ...texts];
}

/** As a plain value, as the vector of a query, and as a record with it in every field. */
function shapesOf(value: Json, fields: readonly string[]): readonly Json[] {
  const record = Object.fromEntries(fields.map(field => [field, value]));
  return [value, [value], ...(fields.length === 0 ? [] : [record])];
}

function fieldsIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\bresult\.(\w+)(?!\w*\()/g)].map(([, field]) => field ?? ''))];
}
