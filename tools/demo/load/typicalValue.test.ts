import { describe, expect, it } from 'vitest';
import { type Conditions, evaluate } from '../../../src/analysis/runs/evaluate.js';
import { failingValue, passingValue } from './typicalValue.js';

describe('typicalValue', () => {
  it.each<Conditions>([
    { successCondition: 'result[0] >= 0.95', failureCondition: 'result[0] < 0.95' },
    { successCondition: 'result[0] < 0.002' },
    { successCondition: 'default(result, 0) < 0.01' },
    { successCondition: 'result > 41.5 && result < 42.5' },
    { successCondition: 'result.startsWith("6.")' },
    { successCondition: 'result.status in [204]' },
    { successCondition: 'result.requests == 0 || result.successRate >= 0.95' },
    { failureCondition: 'size(result) > 0 && result[0] > 0.05' },
  ])('%j: one that passes, one that fails', conditions => {
    const [good, bad] = [passingValue(conditions), failingValue(conditions)];
    expect(evaluate(conditions, good ?? null).phase).toBe('Successful');
    expect(evaluate(conditions, bad ?? null).phase).toBe('Failed');
  });

  it('has none where nothing can pass or fail', () => {
    expect(failingValue({})).toBeUndefined();
    expect(passingValue({ successCondition: 'result > 5 && result < 4' })).toBeUndefined();
  });
});
