import { describe, expect, it } from 'vitest';
import { runOf } from '../../../test/rollouts/runs.js';
import type { AutoRollback } from '../../api/spec.js';
import type { Measurement, MetricState, Run } from '../../status/analysisRuns.js';
import { judgeRollout } from './verdict.js';

const at = '2026-01-01T00:00:00Z';
const measurement = (phase: Measurement['phase'], value: string): Measurement => ({ at, phase, value });
const metric = (name: string, given: Partial<MetricState>): MetricState => ({
  name,
  phase: 'Running',
  measurements: [],
  ...given,
});

const ENABLED: AutoRollback = {
  enabled: true,
  onAnalysisFailure: true,
  onHealthCheckFailure: true,
  healthChecks: [],
  bakeSeconds: 0,
};
const OFF: AutoRollback = { ...ENABLED, enabled: false, onAnalysisFailure: false, onHealthCheckFailure: false };
const LENIENT: AutoRollback = { ...ENABLED, onAnalysisFailure: false, onHealthCheckFailure: false };

const judge = (run: Partial<Run>, autoRollback?: AutoRollback) =>
  judgeRollout({ runs: [runOf({ message: 'why', ...run })] }, autoRollback);

describe('one run', () => {
  it.each<[Partial<Run>, string, AutoRollback | undefined, string]>([
    [{ phase: 'Running' }, 'any', ENABLED, 'proceed'],
    [{ phase: 'Successful' }, 'any', ENABLED, 'proceed'],
    [{ phase: 'Failed' }, 'no', undefined, 'AnalysisFailed'],
    [{ phase: 'Failed' }, 'enabled', ENABLED, 'AnalysisFailed'],
    [{ phase: 'Failed' }, 'disabled', OFF, 'AnalysisFailed'],
    [{ phase: 'Failed' }, 'lenient', LENIENT, 'hold'],
    [{ phase: 'Error' }, 'no', undefined, 'AnalysisError'],
    [{ phase: 'Error' }, 'lenient', LENIENT, 'hold'],
    [{ phase: 'Inconclusive' }, 'enabled', ENABLED, 'hold'],
    [{ kind: 'healthCheck', phase: 'Failed' }, 'no', undefined, 'HealthCheckFailed'],
    [{ kind: 'healthCheck', phase: 'Failed' }, 'enabled', ENABLED, 'HealthCheckFailed'],
    [{ kind: 'healthCheck', phase: 'Failed' }, 'lenient', LENIENT, 'hold'],
    [{ kind: 'healthCheck', phase: 'Error' }, 'enabled', ENABLED, 'AnalysisError'],
    [{ kind: 'healthCheck', phase: 'Inconclusive' }, 'enabled', ENABLED, 'hold'],
    [{ phase: 'Failed', past: true }, 'enabled', ENABLED, 'proceed'],
    [{ phase: 'Failed', approved: true }, 'enabled', ENABLED, 'proceed'],
    [{ phase: 'Inconclusive', approved: true }, 'enabled', ENABLED, 'proceed'],
  ])('%j with %s autoRollback', (run, _, autoRollback, expected) => {
    const verdict = judge(run, autoRollback);
    expect(verdict.verdict === 'rollback' ? verdict.reason : verdict.verdict).toBe(expected);
    if (verdict.verdict !== 'proceed') expect(verdict).toMatchObject({ message: 'why', run });
  });

  it.each(['Failed', 'Inconclusive'] as const)('that is %s without a message says its phase', phase => {
    expect(judgeRollout({ runs: [runOf({ phase })] })).toMatchObject({ message: `analysis ${phase}` });
  });
});

describe('of several runs', () => {
  const health = runOf({ kind: 'healthCheck', phase: 'Failed', message: 'health' });
  const failed = runOf({ kind: 'step', phase: 'Failed', message: 'step' });
  const unclear = runOf({ kind: 'background', phase: 'Inconclusive', message: 'unclear' });

  it.each<[string, Run[], AutoRollback, string, string]>([
    ['health checks come first', [failed, health], ENABLED, 'rollback', 'health'],
    ['a failure comes before what is unclear', [unclear, failed], ENABLED, 'rollback', 'step'],
    [
      'what rolls back comes before what holds',
      [health, failed],
      { ...ENABLED, onHealthCheckFailure: false },
      'rollback',
      'step',
    ],
    ['what holds: health checks come first', [unclear, failed, health], LENIENT, 'hold', 'health'],
    ['what holds: then a failure', [unclear, failed], LENIENT, 'hold', 'step'],
    ['what holds: then what is unclear', [unclear], LENIENT, 'hold', 'unclear'],
    ['the first failure counts', [failed, runOf({ phase: 'Error', message: 'later' })], ENABLED, 'rollback', 'step'],
  ])('%s', (_, runs, autoRollback, verdict, message) => {
    expect(judgeRollout({ runs }, autoRollback)).toMatchObject({ verdict, message });
  });
});

describe('the evidence of a rollback', () => {
  const failing = (...metrics: MetricState[]) => judge({ phase: 'Failed', metrics }, ENABLED);
  const bad = measurement('Failed', '0.5');

  it('is the metric that failed and its last measurement that did not succeed', () => {
    const verdict = failing(
      metric('good', { phase: 'Successful', measurements: [measurement('Successful', '1')] }),
      metric('dry', { phase: 'Failed', dryRun: true, measurements: [measurement('Failed', '9')] }),
      metric('bad', {
        phase: 'Failed',
        measurements: [measurement('Failed', '0.1'), bad, measurement('Successful', '1')],
      }),
    );
    expect(verdict).toMatchObject({ metric: 'bad', measurement: bad });
  });

  it('is its last measurement if all succeeded', () => {
    const measurements = [measurement('Successful', '1'), measurement('Successful', '2')];
    expect(failing(metric('m', { phase: 'Failed', measurements }))).toMatchObject({ measurement: measurements[1] });
  });

  it('has no measurement if none is kept, and nothing without a metric', () => {
    const run = { phase: 'Failed', message: 'why' } as const;
    const common = { verdict: 'rollback', reason: 'AnalysisFailed', message: 'why' };
    const bare = runOf({ ...run, metrics: [metric('m', { phase: 'Failed' })] });
    expect(judgeRollout({ runs: [bare] })).toStrictEqual({ ...common, run: bare, metric: 'm' });
    const none = runOf({ ...run, metrics: [] });
    expect(judgeRollout({ runs: [none] })).toStrictEqual({ ...common, run: none });
  });
});

describe('errorThreshold', () => {
  const counting = (failed: number, given: Partial<Run> = {}, metrics: Partial<MetricState> = {}) =>
    runOf({ metrics: [metric('m', { failed, measurements: [measurement('Failed', '7')], ...metrics })], ...given });
  const over = (errorThreshold: number | string, ...runs: Run[]) =>
    judgeRollout({ runs }, { ...ENABLED, errorThreshold });

  it('is exceeded by the measurements of all runs, and shows the newest with a bad one', () => {
    const newest = counting(2, {}, { name: 'newest', measurements: [measurement('Failed', '8')] });
    const verdict = over(2, counting(1), newest, counting(0, {}, { successful: 1 }));
    expect(verdict).toStrictEqual({
      verdict: 'rollback',
      reason: 'ErrorThresholdExceeded',
      message: '3 of 4 measurements failed or returned errors, errorThreshold is 2; last result of metric "newest": 8',
      run: newest,
      metric: 'newest',
      measurement: newest.metrics[0]?.measurements[0],
    });
    expect(over(3, counting(1), newest)).toEqual({ verdict: 'proceed' });
  });

  it('shows the reason of an error where there is no value', () => {
    const error = { at, phase: 'Error', message: 'timed\nout' } as const;
    const run = runOf({ metrics: [metric('m', { error: 1, measurements: [error] })] });
    expect(over(0, run)).toMatchObject({
      message:
        '1 of 1 measurements failed or returned errors, errorThreshold is 0; last result of metric "m": timed out',
    });
  });

  it('counts what is no longer kept', () => {
    const state = { runs: [counting(1)], dropped: { total: 5, bad: 5 } };
    expect(judgeRollout(state, { ...ENABLED, errorThreshold: 5 })).toMatchObject({ verdict: 'rollback' });
  });

  it('comes before a failed analysis and after a failed health check', () => {
    const failed = counting(1, { phase: 'Failed' });
    expect(over(0, failed)).toMatchObject({ reason: 'ErrorThresholdExceeded' });
    expect(over(0, failed, runOf({ kind: 'healthCheck', phase: 'Failed' }))).toMatchObject({
      reason: 'HealthCheckFailed',
    });
  });

  it.each<[string, Run[]]>([
    ['without a bad measurement that is kept', []],
    ['with bad ones of an earlier rollout only', [counting(3, { past: true })]],
    ['with bad ones of dry-run metrics only', [counting(3, {}, { dryRun: true })]],
    ['with good ones only', [counting(0, {}, { successful: 3 })]],
  ])('does not roll back %s', (_, runs) => {
    expect(over(0, ...runs)).toEqual({ verdict: 'proceed' });
  });

  it('does nothing where autoRollback is disabled or sets none', () => {
    const runs = [counting(3)];
    expect(judgeRollout({ runs }, { ...OFF, errorThreshold: 0 })).toEqual({ verdict: 'proceed' });
    expect(judgeRollout({ runs }, ENABLED)).toEqual({ verdict: 'proceed' });
    expect(judgeRollout({ runs })).toEqual({ verdict: 'proceed' });
  });
});
