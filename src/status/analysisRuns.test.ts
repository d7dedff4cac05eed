import { describe, expect, it } from 'vitest';
import { writeAnalysisState } from './analysisRuns.js';
import { readStatus } from './status.js';

const metric = {
  name: 'errors',
  phase: 'Running',
  dueAt: '2026-01-01T00:01:00Z',
  successful: 2,
  measurements: [{ at: '2026-01-01T00:00:00Z', phase: 'Successful', value: '0.1' }],
};
const run = {
  id: 'step-abc-1-0',
  kind: 'step',
  revision: 'abc',
  step: 1,
  phase: 'Running',
  startedAt: '2026-01-01T00:00:00Z',
  metrics: [metric],
  pinned: [{ name: 'errors' }],
  secrets: [{ arg: 'token', name: 'metrics', key: 'token' }],
};
const other = { ...run, id: 'other' };

const read = (analysisRuns: unknown, analysisTotals?: unknown) => readStatus({ analysisRuns, analysisTotals }).analysis;

describe('readStatus of analysis', () => {
  it.each(['step', 'background', 'prePromotion', 'postPromotion', 'healthCheck'])('reads a run of kind %s', kind => {
    expect(read([{ ...run, kind }]).runs).toEqual([{ ...run, kind }]);
  });

  it.each(['Successful', 'Inconclusive', 'Error', 'Failed'])('reads what ended %s, without a due time', phase => {
    const { dueAt: _, ...ended } = { ...metric, phase };
    expect(read([{ ...run, phase, metrics: [ended] }]).runs).toEqual([{ ...run, phase, metrics: [ended] }]);
  });

  it.each([
    ['without an id', { id: undefined }],
    ['of no known kind', { kind: 'canary' }],
    ['of no revision', { revision: 1 }],
    ['in no known phase', { phase: 'Pending' }],
    ['that began at no time', { startedAt: 'yesterday' }],
    ['without metrics', { metrics: undefined }],
    ['with a metric that has no name', { metrics: [metric, { ...metric, name: 1 }] }],
    ['with a metric in no known phase', { metrics: [{ ...metric, phase: 'Pending' }] }],
    ['with a metric without measurements', { metrics: [{ ...metric, measurements: {} }] }],
    ['with a metric that is never due', { metrics: [metric, { ...metric, dueAt: undefined }] }],
    ['with a metric that is due at no time', { metrics: [{ ...metric, dueAt: 'soon' }] }],
    ...['successful', 'failed', 'inconclusive', 'error'].map(
      count => [`with ${count} that is no number`, { metrics: [{ ...metric, [count]: '1' }] }] as const,
    ),
    ...['consecutiveSuccess', 'consecutiveFailure', 'consecutiveError'].map(
      count => [`with ${count} that is no number`, { metrics: [{ ...metric, [count]: null }] }] as const,
    ),
    ['that measures something unknown', { pinned: {} }],
    ['that measures no metric', { pinned: ['errors'] }],
    ['with secrets that are none', { secrets: 'token' }],
    ['with a secret that is none', { secrets: [null] }],
  ] as const)('leaves out a run %s, and keeps the others', (_, changed) => {
    expect(read([{ ...run, ...changed }, other]).runs).toEqual([other]);
  });

  it.each([
    ['message', 1],
    ['finishedAt', 'late'],
    ['approved', 'yes'],
    ['past', false],
    ['resolved', {}],
    ['tally', { total: 1 }],
    ['step', '1'],
  ])('keeps a run whose %s is not understood, without it', (field, value) => {
    const { step, ...known } = run;
    expect(read([{ ...run, [field]: value }]).runs).toEqual([field === 'step' ? known : { ...known, step }]);
  });

  it.each([
    ['message', 1],
    ['dryRun', 'yes'],
  ])('keeps a metric whose %s is not understood, without it', (field, value) => {
    expect(read([{ ...run, metrics: [{ ...metric, [field]: value }] }]).runs).toEqual([run]);
  });

  it('leaves out a measurement that is not understood', () => {
    const [measurement] = metric.measurements;
    const measurements = [null, { ...measurement, phase: 'Running' }, { ...measurement, value: 1 }, measurement];
    const { value: _, ...bare } = measurement!;
    expect(read([{ ...run, metrics: [{ ...metric, measurements }] }]).runs).toEqual([
      { ...run, metrics: [{ ...metric, measurements: [bare, measurement] }] },
    ]);
  });

  it('keeps what another version of the hook has added', () => {
    const newer = { ...run, unit: 'ms', metrics: [{ ...metric, unit: 'ms' }] };
    expect(read([newer]).runs).toEqual([newer]);
  });

  it('reads totals only whole', () => {
    expect(read([], { total: 3, bad: 1 })).toEqual({ runs: [], dropped: { total: 3, bad: 1 } });
    expect(read([], { total: 3 })).toStrictEqual({ runs: [] });
    expect(read([], { total: '3', bad: 1 })).toStrictEqual({ runs: [] });
  });
});

describe('writeAnalysisState', () => {
  it('writes nothing where there is nothing to remember', () => {
    expect(writeAnalysisState({ runs: [] })).toStrictEqual({});
    expect(writeAnalysisState({ runs: [], dropped: { total: 1, bad: 0 } })).toStrictEqual({
      analysisTotals: { total: 1, bad: 0 },
    });
  });
});
