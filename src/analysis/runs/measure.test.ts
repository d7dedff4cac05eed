import { describe, expect, it } from 'vitest';
import { metricOf } from '../../../test/analysis/metric.js';
import type { MeasurementResult } from '../../fetch/measurement.js';
import type { Json } from '../../schema/json.js';
import type { MetricState } from '../../status/analysisRuns.js';
import { count } from './measure.js';

const DUE = Date.parse('2026-01-01T00:00:00Z');

const metric = metricOf({ interval: 60, consecutiveErrorLimit: 0 });

const state: MetricState = {
  name: 'm',
  phase: 'Running',
  successful: 2,
  consecutiveSuccess: 2,
  dueAt: '2026-01-01T00:00:00Z',
  measurements: [{ at: '2025-12-31T23:59:00Z', phase: 'Successful', value: '1' }],
};

describe('a measurement that was postponed', () => {
  const postponed = (after: number): MeasurementResult => ({
    key: 'k',
    at: DUE + after,
    outcome: 'postponed',
    message: 'too many\nqueries',
  });

  it('counts as nothing: it is due again in 5 s, and status says why', () => {
    expect(count(metric, state, postponed(0))).toEqual({
      ...state,
      dueAt: '2026-01-01T00:00:05Z',
      postponedSince: '2026-01-01T00:00:00Z',
      message: 'not measured yet: too many queries',
    });
    expect(count(metric, state, postponed(90_300))).toMatchObject({ dueAt: '2026-01-01T00:01:36Z' });
  });

  it('however often: no limit is exceeded by it', () => {
    let current = state;
    for (let times = 0; times < 120; times++) current = count(metric, current, postponed(times * 5000));
    expect(current).toMatchObject({ phase: 'Running', successful: 2, measurements: state.measurements });
    expect(current).not.toHaveProperty('error');
    expect(current).not.toHaveProperty('consecutiveError');
  });

  it('for ten minutes leaves it to a person', () => {
    const waiting = count(metric, state, postponed(0));
    expect(count(metric, waiting, postponed(599_999)).phase).toBe('Running');
    const ended = count(metric, waiting, postponed(600_000));
    expect(ended).toMatchObject({ phase: 'Inconclusive', message: 'not measured for 600 s: too many queries' });
    expect(ended).not.toHaveProperty('dueAt');
    expect(ended).not.toHaveProperty('inconclusive');
  });

  it('is forgotten with the next one that is made', () => {
    const made: MeasurementResult = { key: 'k', at: DUE + 5000, outcome: 'value', value: 1 };
    const next = count(metric, count(metric, state, postponed(0)), made);
    expect(next).toMatchObject({ successful: 3, consecutiveSuccess: 3, dueAt: '2026-01-01T00:01:05Z' });
    expect(next).not.toHaveProperty('message');
    expect(next).not.toHaveProperty('postponedSince');
  });
});

describe('a value that was asked for with a Secret', () => {
  const result = (value: Json, shown: Json): MeasurementResult => ({
    key: 'k',
    at: DUE,
    outcome: 'value',
    value,
    shown,
  });

  it('is judged as it is, and shown without its texts', () => {
    const judged = count(
      { ...metric, successCondition: 'result.state == "ok"' },
      state,
      result({ state: 'ok' }, ['***']),
    );
    expect(judged).toMatchObject({ successful: 3, measurements: [{}, { phase: 'Successful', value: '["***"]' }] });
  });

  it('is quoted in no reason why a condition cannot be evaluated', () => {
    const failing = count({ ...metric, successCondition: 'int(result) > 1' }, state, result('s3cret', '***'));
    expect(failing).toMatchObject({ error: 1, measurements: [{}, { phase: 'Error', value: '"***"' }] });
    expect(JSON.stringify(failing)).not.toContain('s3cret');
    expect(failing.measurements[1]?.message).toContain('not shown');
  });
});
