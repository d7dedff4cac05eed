import { describe, expect, test } from 'vitest';
import {
  always,
  answer,
  background,
  checks,
  conditions,
  context,
  ensure,
  health,
  inline,
  nothing,
  once,
  provider,
  readAnalysisState,
  rules,
  START,
  step,
  writeAnalysisState,
} from '../../test/analysis/state.js';
import type { AutoRollback } from '../api/spec.js';
import {
  type AnalysisContext,
  approveRun,
  closeRollout,
  dueMeasurements,
  ensureRun,
  findRun,
  judgeRollout,
  nextMeasurement,
  type Purpose,
  type Source,
  stopRuns,
} from './analysis.js';
import { ANALYSIS_TEMPLATE } from './context.js';

describe('a run for each purpose', () => {
  test('is started once, however often it is asked for', () => {
    const state = ensure(nothing, step, once);
    expect(ensure(state, step, once, START + 5000)).toBe(state);
    expect(findRun(state, step)).toMatchObject({ id: `step-new-1-${START / 1000}`, phase: 'Running' });
    expect(findRun(state, { ...step, step: 2 })).toBeUndefined();
    expect(nextMeasurement(state)).toBe(START);
    expect(answer(state, {})).toBe(state);
  });

  test('survives status and is read back the same', () => {
    const state = answer(ensure(ensure(nothing, step, once), background, always), { b: 1 });
    const stored = JSON.parse(JSON.stringify(writeAnalysisState(state)));
    expect(readAnalysisState(stored)).toEqual(state);
    expect(writeAnalysisState(nothing)).toEqual({});
  });

  test('does not begin when it cannot be measured, and says why', () => {
    const missing: Source = {
      analysis: { templates: [{ templateName: 't', clusterScope: false }], args: [], metrics: [] },
      path: 'steps[1].analysis',
    };
    expect(ensureRun(nothing, step, missing, context, START)).toMatchObject({
      ok: false,
      problems: [{ path: 'steps[1].analysis.templates[0]' }],
    });
  });

  test('goes on with the template that it began with, and says when it has changed', () => {
    const source: Source = {
      analysis: { templates: [{ templateName: 't', clusterScope: false }], args: [], metrics: [] },
      path: 'a',
    };
    const seeing = (query: string): AnalysisContext => ({
      ...context,
      related: {
        [ANALYSIS_TEMPLATE]: {
          t: {
            apiVersion: 'v1',
            kind: 'AnalysisTemplate',
            metadata: { name: 't', namespace: 'shop' },
            spec: { metrics: [{ name: 'm', provider: { prometheus: { query } } }] },
          },
        },
      },
    });
    const began = ensureRun(nothing, step, source, seeing('one'), START);
    const state = began.ok ? began.state : nothing;
    expect(ensureRun(state, step, source, seeing('one'), START)).not.toHaveProperty('note');
    expect(ensureRun(state, step, source, seeing('two'), START)).toMatchObject({
      ok: true,
      note: expect.stringContaining('have changed'),
    });
    expect(ensureRun(state, step, source, context, START)).toMatchObject({
      ok: true,
      note: expect.stringContaining('there is no AnalysisTemplate'),
    });
    expect(dueMeasurements(state.runs, seeing('two'), START).requests[0]?.provider).toEqual({
      prometheus: { query: 'one' },
    });
  });

  test('of an earlier rollout counts for nothing, and the same purpose begins anew', () => {
    const failed = closeRollout(answer(ensure(nothing, step, once), { m: 2 }), START, 'aborted');
    expect(judgeRollout(failed, rules)).toEqual({ verdict: 'proceed' });
    expect(findRun(failed, step)).toBeUndefined();
    expect(ensure(failed, step, once, START + 60_000).runs).toHaveLength(2);
  });

  test('is stopped by kind', () => {
    const state = stopRuns(ensure(ensure(nothing, step, once), background, always), ['background'], START, 'promoted');
    expect(state.runs.map(({ phase }) => phase)).toEqual(['Running', 'Successful']);
  });
});

describe('what the measurements say', () => {
  const judged = (
    purpose: Purpose,
    source: Source,
    values: Parameters<typeof answer>[1],
    autoRollback?: AutoRollback,
  ) => judgeRollout(answer(ensure(nothing, purpose, source), values), autoRollback);

  test('good ones: proceed', () => {
    expect(judged(step, once, { m: 1 })).toEqual({ verdict: 'proceed' });
    expect(judged(step, once, {})).toEqual({ verdict: 'proceed' });
  });

  test('a failed analysis rolls back, with or without autoRollback, and shows what fired', () => {
    for (const autoRollback of [undefined, rules, { ...rules, enabled: false, onAnalysisFailure: false }]) {
      expect(judged(step, once, { m: 2 }, autoRollback)).toMatchObject({
        verdict: 'rollback',
        reason: 'AnalysisFailed',
        metric: 'm',
        measurement: { at: '2026-01-01T00:00:00Z', phase: 'Failed', value: '2' },
        message: 'metric "m" Failed: failed (1) > failureLimit (0), last value 2',
      });
    }
  });

  test('a failed analysis that autoRollback does not act on is held for a person', () => {
    expect(judged(step, once, { m: 2 }, { ...rules, onAnalysisFailure: false }).verdict).toBe('hold');
  });

  test('an inconclusive one holds until a person lets it pass', () => {
    const state = answer(ensure(nothing, step, once), { m: 3 });
    const verdict = judgeRollout(state, rules);
    expect(verdict).toMatchObject({ verdict: 'hold', message: expect.stringContaining('inconclusive (1)') });
    const approved = approveRun(state, verdict.verdict === 'hold' ? verdict.run.id : '');
    expect(judgeRollout(approved, rules)).toEqual({ verdict: 'proceed' });
    expect(ensure(approved, step, once)).toBe(approved);
  });

  test('a background analysis begins again after an approval', () => {
    const state = answer(ensure(nothing, background, always), { b: 3 });
    const approved = approveRun(state, state.runs[0]!.id);
    expect(ensure(approved, background, always, START + 60_000).runs.map(({ phase }) => phase)).toEqual([
      'Inconclusive',
      'Running',
    ]);
  });

  test('errors of the metrics system fail nothing until their limit is passed, and the reason says so', () => {
    let state = ensure(nothing, background, always);
    for (let errors = 1; errors <= 4; errors++)
      state = answer(state, { b: new Error('timed out') }, START + errors * 10_000 * 2);
    expect(judgeRollout(state, rules)).toEqual({ verdict: 'proceed' });
    state = answer(state, { b: new Error('timed out') }, START + 200_000);
    expect(judgeRollout(state, rules)).toMatchObject({
      verdict: 'rollback',
      reason: 'AnalysisError',
      message: expect.stringContaining('did not respond'),
    });
  });

  test('health checks fail after consecutive failures; an endpoint that does not respond has failed', () => {
    let state = ensure(nothing, health, checks);
    state = answer(state, { h: { status: 204 } }, START);
    state = answer(state, { h: { status: 503 } }, START + 10_000);
    expect(judgeRollout(state, rules)).toEqual({ verdict: 'proceed' });
    state = answer(state, { h: { status: 0 } }, START + 20_000);
    expect(judgeRollout(state, rules)).toMatchObject({ verdict: 'rollback', reason: 'HealthCheckFailed', metric: 'h' });
    expect(judgeRollout(state, { ...rules, onHealthCheckFailure: false }).verdict).toBe('hold');
  });

  test('a health check whose metrics system is away ends with the reason that says so', () => {
    let state = ensure(nothing, health, checks);
    for (let errors = 0; errors <= 4; errors++)
      state = answer(state, { h: new Error('refused') }, START + errors * 20_000);
    expect(judgeRollout(state, rules)).toMatchObject({ verdict: 'rollback', reason: 'AnalysisError', metric: 'h' });
    expect(judgeRollout(state, { ...rules, onAnalysisFailure: false }).verdict).toBe('rollback');
    expect(judgeRollout(state, { ...rules, onHealthCheckFailure: false }).verdict).toBe('hold');
  });

  test('health checks ask the endpoint alone, within their own time', () => {
    const { requests } = dueMeasurements(ensure(nothing, health, checks).runs, context, START);
    expect(requests).toMatchObject([
      { provider: { http: { url: 'http://app/ok', method: 'GET' } }, timeoutSeconds: 5 },
    ]);
  });
});

describe('errorThreshold', () => {
  test('counts every measurement of this rollout, those of runs that are no longer kept as well', () => {
    const tolerant = inline({ name: 'm', interval: '10s', count: 2, failureLimit: 1, ...conditions, provider });
    let state = nothing;
    for (let index = 0; index < 8; index++) {
      const now = START + index * 100_000;
      state = ensure(state, { ...step, step: index }, tolerant, now);
      state = answer(answer(state, { m: 2 }, now), { m: 1 }, now + 10_000);
      state = readAnalysisState(
        JSON.parse(JSON.stringify(writeAnalysisState(state, { successful: 2, unsuccessful: 2 }))),
      );
    }
    expect(state.runs.length).toBeLessThan(8);
    const verdict = (errorThreshold: number | string) => judgeRollout(state, { ...rules, errorThreshold });
    expect(verdict(8)).toEqual({ verdict: 'proceed' });
    expect(verdict('50%')).toEqual({ verdict: 'proceed' });
    expect(verdict(7)).toMatchObject({
      verdict: 'rollback',
      reason: 'ErrorThresholdExceeded',
      message: '8 of 16 measurements failed or returned errors, errorThreshold is 7; last result of metric "m": 2',
      metric: 'm',
    });
    expect(verdict('49%').verdict).toBe('rollback');
    expect(judgeRollout(state, { ...rules, enabled: false, errorThreshold: 0 })).toEqual({ verdict: 'proceed' });
  });

  test('metrics that only run dry are not counted', () => {
    const dry: Source = {
      analysis: { templates: [], args: [], metrics: [{ name: 'm', ...conditions, provider }], dryRun: ['m'] },
      path: 'a',
    };
    const state = answer(ensure(nothing, step, dry), { m: 2 });
    expect(judgeRollout(state, { ...rules, errorThreshold: 0 })).toEqual({ verdict: 'proceed' });
  });
});
