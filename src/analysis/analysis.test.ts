import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnalysisRef, AutoRollback } from '../api/spec.js';
import type { MeasurementResult } from '../fetch/measurement.js';
import type { KubeObject } from '../metacontroller/object.js';
import type { Instant } from '../schema/instant.js';
import type { Json } from '../schema/json.js';
import { writeAnalysisState as storedAnalysis } from '../status/analysisRuns.js';
import { readStatus } from '../status/status.js';
import {
  type AnalysisContext,
  type AnalysisState,
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
  takeMeasurements,
  withinBounds,
} from './analysis.js';
import { ANALYSIS_TEMPLATE } from './context.js';
import { byteSize, type HistoryLimits, MAX_STATUS_BYTES } from './runs/bounds.js';
import { exceeds } from './runs/threshold.js';

const START = Date.parse('2026-01-01T00:00:00Z');
const parent: KubeObject = {
  apiVersion: 'v1',
  kind: 'StormService',
  metadata: { name: 'app', namespace: 'shop', uid: 'u' },
};
const context: AnalysisContext = { parent, related: {}, stableRevision: 'old', latestRevision: 'new' };
const step: Purpose = { kind: 'step', revision: 'new', step: 1 };
const background: Purpose = { kind: 'background', revision: 'new' };
const health: Purpose = { kind: 'healthCheck', revision: 'new' };
const nothing: AnalysisState = { runs: [] };
const readAnalysisState = (status: unknown) => readStatus(status).analysis;
const writeAnalysisState = (state: AnalysisState, limits?: HistoryLimits) =>
  storedAnalysis(withinBounds(state, limits));

const provider = { prometheus: { address: 'http://p:9090', query: 'up' } };
const conditions = { successCondition: 'result == 1', failureCondition: 'result == 2' };
const inline = (...metrics: AnalysisRef['metrics']): Source => ({
  analysis: { templates: [], args: [], metrics },
  path: 'analysis',
});
const once = inline({ name: 'm', ...conditions, provider });
const always = inline({ name: 'b', interval: '10s', ...conditions, provider });
const checks: Source = {
  healthChecks: [
    {
      name: 'h',
      interval: 10,
      timeout: 5,
      failureThreshold: 2,
      http: { url: 'http://app/ok', method: 'GET', expectedStatus: [200, 204] },
    },
  ],
  path: 'autoRollback.healthChecks',
};
const rules: AutoRollback = {
  enabled: true,
  onAnalysisFailure: true,
  onHealthCheckFailure: true,
  healthChecks: [],
  bakeSeconds: 0,
};

function ensure(state: AnalysisState, purpose: Purpose, source: Source, now: Instant = START): AnalysisState {
  const ensured = ensureRun(state, purpose, source, context, now);
  if (!ensured.ok) throw new Error(JSON.stringify(ensured.problems));
  return ensured.state;
}

/** Answers everything that is due, by metric. */
function answer(
  state: AnalysisState,
  values: Readonly<Record<string, Json | Error>>,
  now: Instant = START,
): AnalysisState {
  const { requests } = dueMeasurements(state.runs, context, now);
  const results = requests.flatMap(({ key, metric }): MeasurementResult[] => {
    const value = values[metric];
    if (value === undefined) return [];
    if (value instanceof Error) return [{ key, at: now, outcome: 'error', message: value.message }];
    return [{ key, at: now, outcome: 'value', value }];
  });
  return takeMeasurements(state, 'u', new Map(results.map(result => [result.key, result])), now);
}

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
  test.each([
    [{ total: 100, bad: 5 }, 5, false],
    [{ total: 6, bad: 6 }, 5, true],
    [{ total: 1, bad: 1 }, 0, true],
    [{ total: 9, bad: 9 }, '20%', false],
    [{ total: 10, bad: 2 }, '20%', false],
    [{ total: 10, bad: 3 }, '20%', true],
    [{ total: 10, bad: 1 }, '0%', true],
    [{ total: 10, bad: 10 }, '100%', false],
    [{ total: 3, bad: 3 }, '2', true],
  ])('%j against %s: %s', (tally, threshold, exceeded) => {
    expect(exceeds(tally, threshold)).toBe(exceeded);
  });

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

describe('the size of status', () => {
  const wide = (count: number, query: string): Source =>
    inline(
      ...Array.from({ length: count }, (_, index) => ({
        name: `metric-${index}`,
        interval: '10s',
        count: 1000,
        failureLimit: 900,
        consecutiveErrorLimit: 1000,
        successCondition: 'size(result) == 0',
        provider: { prometheus: { query } },
      })),
    );

  test('50 metrics, each with its whole retention of long values, stay under 64 KiB', () => {
    let state = ensure(nothing, step, wide(50, 'q'.repeat(400)));
    const bad = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`metric-${index}`, ['€'.repeat(1000)]]));
    for (let round = 0; round < 12; round++) {
      state = answer(state, bad, START + round * 10_000);
      expect(byteSize(writeAnalysisState(state))).toBeLessThanOrEqual(MAX_STATUS_BYTES);
      state = readAnalysisState(JSON.parse(JSON.stringify(writeAnalysisState(state))));
    }
    expect(findRun(state, step)?.metrics.map(({ failed }) => failed)).toEqual(Array(50).fill(12));
    expect(findRun(state, step)?.metrics.every(({ measurements }) => measurements.length > 0)).toBe(true);
  });

  test('a history of 200 runs gives way to what goes on', () => {
    let state = nothing;
    for (let index = 0; index < 200; index++) {
      const now = START + index * 60_000;
      state = closeRollout(
        answer(ensure(state, step, once, now), { m: index % 2 === 0 ? 2 : 'x'.repeat(500) }, now),
        now,
        'over',
      );
    }
    state = ensure(state, step, wide(40, 'q'.repeat(500)), START + 200 * 60_000);
    const status = writeAnalysisState(state, { successful: 100, unsuccessful: 100 });
    expect(byteSize(status)).toBeLessThanOrEqual(MAX_STATUS_BYTES);
    expect(status.analysisRuns?.length).toBeGreaterThan(10);
    expect(status.analysisRuns?.at(-1)).toEqual(findRun(state, step));
    expect(status.analysisTotals).toBeUndefined();
  });

  test('more than fits is refused before it begins', () => {
    expect(ensureRun(nothing, step, wide(50, 'q'.repeat(2000)), context, START)).toMatchObject({
      ok: false,
      problems: [{ problem: expect.stringContaining('bytes in status') }],
    });
  });

  const anyMetric = fc.record({
    name: fc.string({ minLength: 1, maxLength: 100, unit: 'grapheme' }).filter(name => /^\P{Cc}{1,100}$/u.test(name)),
    query: fc.string({ maxLength: 800, unit: 'grapheme' }).map(text => text.replaceAll('{', '(')),
    retention: fc.integer({ min: 1, max: 100 }),
  });

  test('whatever is measured: bounded, never an exception, and written again the same', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyMetric, { minLength: 1, maxLength: 50, selector: ({ name }) => name }),
        fc.array(
          fc.oneof(
            fc.jsonValue(),
            fc.double(),
            fc.string({ maxLength: 300 }).map(text => new Error(text)),
          ),
          { minLength: 1, maxLength: 12 },
        ),
        (metrics, values) => {
          const source = inline(
            ...metrics.map(({ name, query }) => ({
              name,
              interval: 1,
              count: 1000,
              failureLimit: 999,
              consecutiveErrorLimit: 99,
              provider: { prometheus: { query } },
            })),
          );
          let state = nothing;
          const began = ensureRun(state, background, source, context, START);
          if (began.ok) state = began.state;
          for (const [index, value] of values.entries()) {
            const all = Object.fromEntries(metrics.map(({ name }) => [name, value as Json | Error]));
            state = answer(state, all, START + index * 20_000);
            const status = writeAnalysisState(state);
            expect(byteSize(status)).toBeLessThanOrEqual(MAX_STATUS_BYTES);
            state = readAnalysisState(JSON.parse(JSON.stringify(status)));
            expect(writeAnalysisState(state)).toEqual(status);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a run that would never be asked again, because its due time is lost, begins anew', () => {
    const status = JSON.parse(JSON.stringify(writeAnalysisState(ensure(nothing, background, always))));
    delete status.analysisRuns[0].metrics[0].dueAt;
    expect(readAnalysisState(status).runs).toEqual([]);
  });

  test('a status that is anything at all is read without an exception', () => {
    const anything = fc.anything();
    const broken = fc.record({
      analysisRuns: fc.array(
        fc.record(
          {
            id: fc.string(),
            kind: fc.constantFrom('step', 'x'),
            revision: fc.string(),
            phase: fc.constantFrom('Running', 'Failed', 'x'),
            startedAt: fc.constantFrom('2026-01-01T00:00:00Z', 'x'),
            pinned: anything,
            secrets: anything,
            metrics: fc.array(
              fc.record(
                {
                  name: fc.string(),
                  phase: fc.constantFrom('Running', 'x'),
                  dueAt: fc.constantFrom('2026-01-01T00:00:00Z', 'x'),
                  measurements: fc.constant([]),
                },
                { requiredKeys: [] },
              ),
            ),
          },
          { requiredKeys: [] },
        ),
      ),
    });
    fc.assert(
      fc.property(fc.oneof(anything, broken), status => {
        const state = readAnalysisState(status);
        dueMeasurements(state.runs, context, START);
        judgeRollout(takeMeasurements(state, 'u', new Map(), START), rules);
        nextMeasurement(state);
      }),
    );
  });
});
