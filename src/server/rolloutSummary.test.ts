import { describe, expect, it } from 'vitest';
import { isInvalidSpec, isNews, summarizeRollout } from './rolloutSummary.js';

const rolloutStatus = {
  phase: 'Degraded',
  message: 'rolled back',
  strategy: 'Canary',
  step: '1/2 set weight 10',
  currentStepIndex: 0,
  canaryWeight: 0,
  observedWeight: 10,
  abort: { reason: 'AnalysisFailed', message: 'errors' },
};

describe('summarizeRollout', () => {
  it('takes the short and safe fields', () => {
    expect(summarizeRollout({ rolloutStatus })).toStrictEqual({
      phase: 'Degraded',
      message: 'rolled back',
      step: '1/2 set weight 10',
      currentStepIndex: 0,
      canaryWeight: 0,
      observedWeight: 10,
      abortReason: 'AnalysisFailed',
    });
  });

  it('has only the fields that are set', () => {
    expect(summarizeRollout({ rolloutStatus: { phase: 'Healthy', canaryWeight: 'x' } })).toStrictEqual({
      phase: 'Healthy',
    });
  });

  it.each([undefined, 'x', {}, { rolloutStatus: { phase: 'Pending' } }, { rolloutStatus: { message: 'x' } }])(
    'there is no rollout in %j',
    status => {
      expect(summarizeRollout(status)).toBeUndefined();
    },
  );
});

describe('isInvalidSpec', () => {
  it.each([
    [{ conditions: [{ type: 'InvalidSpec', status: 'True' }] }, true],
    [{ conditions: [{ type: 'InvalidSpec', status: 'False' }] }, false],
    [{ conditions: 'InvalidSpec' }, false],
    [undefined, false],
  ])('%j: %j', (status, expected) => {
    expect(isInvalidSpec(status)).toBe(expected);
  });
});

describe('isNews', () => {
  const parent = { apiVersion: 'v1', kind: 'StormService', metadata: { name: 'a' }, status: { rolloutStatus } };

  it('is a change of the summary', () => {
    expect(isNews(parent, { rolloutStatus })).toBe(false);
    expect(isNews(parent, { rolloutStatus: { ...rolloutStatus, strategy: 'BlueGreen' } })).toBe(false);
    expect(isNews(parent, { rolloutStatus: { ...rolloutStatus, message: 'other' } })).toBe(true);
    expect(isNews({ ...parent, status: {} }, { rolloutStatus })).toBe(true);
  });
});
