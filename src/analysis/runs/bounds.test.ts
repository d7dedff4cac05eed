import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  always,
  answer,
  background,
  context,
  ensure,
  inline,
  nothing,
  once,
  readAnalysisState,
  rules,
  START,
  step,
  writeAnalysisState,
} from '../../../test/analysis/state.js';
import { runOf } from '../../../test/rollouts/runs.js';
import type { Json } from '../../schema/json.js';
import type { MetricState, Run } from '../../status/analysisRuns.js';
import {
  closeRollout,
  dueMeasurements,
  ensureRun,
  findRun,
  judgeRollout,
  nextMeasurement,
  type Source,
  takeMeasurements,
} from '../analysis.js';
import { byteSize, fitStatus, type HistoryLimits, MAX_STATUS_BYTES, trimHistory, withinBounds } from './bounds.js';

const kept = (runs: readonly Run[], limits?: HistoryLimits) => trimHistory(runs, limits).runs.map(({ id }) => id);
const past = (id: string, phase: Run['phase'] = 'Successful') => runOf({ id, phase, past: true });

describe('the history', () => {
  test('keeps the newest successful and the newest other runs, oldest first', () => {
    const runs = [
      past('s1'),
      past('f1', 'Failed'),
      past('s2'),
      past('e2', 'Error'),
      past('s3'),
      past('i3', 'Inconclusive'),
    ];
    expect(kept(runs, { successful: 1, unsuccessful: 2 })).toEqual(['e2', 's3', 'i3']);
    expect(kept(runs, { successful: 2, unsuccessful: 0 })).toEqual(['s2', 's3']);
    expect(kept(runs, { successful: 9, unsuccessful: 9 })).toHaveLength(6);
    expect(trimHistory(runs, { successful: 2, unsuccessful: 2 }).dropped).toEqual([runs[0], runs[1]]);
  });

  test('keeps five of each unless the spec says otherwise', () => {
    const runs = Array.from({ length: 7 }, (_, index) => [past(`s${index}`), past(`f${index}`, 'Failed')]).flat();
    expect(kept(runs)).toEqual(runs.slice(4).map(({ id }) => id));
  });

  test('keeps active runs, and the newest of each kind of this rollout', () => {
    const runs = [
      runOf({ id: 'old', kind: 'step', phase: 'Successful' }),
      runOf({ id: 'active', kind: 'background' }),
      runOf({ id: 'other kind', kind: 'healthCheck', phase: 'Failed' }),
      runOf({ id: 'newest', kind: 'step', phase: 'Successful' }),
      runOf({ id: 'past', kind: 'prePromotion', phase: 'Successful', past: true }),
    ];
    expect(kept(runs, { successful: 0, unsuccessful: 0 })).toEqual(['active', 'other kind', 'newest']);
  });

  test('adds what is dropped to the totals, if it belongs to this rollout', () => {
    const metrics: MetricState[] = [{ name: 'm', phase: 'Failed', failed: 2, measurements: [] }];
    const runs = [
      runOf({ id: 'a', phase: 'Failed', metrics }),
      runOf({ id: 'b', phase: 'Failed', metrics, past: true }),
      runOf({ id: 'c', phase: 'Failed', metrics }),
    ];
    const limits = { successful: 0, unsuccessful: 0 };
    expect(withinBounds({ runs, dropped: { total: 5, bad: 1 } }, limits)).toEqual({
      runs: [runs[2]],
      dropped: { total: 7, bad: 3 },
    });
    expect(withinBounds({ runs: [runs[2]!] }, limits)).toStrictEqual({ runs: [runs[2]] });
  });
});

describe('what does not fit', () => {
  const measured = (characters: number): MetricState['measurements'] =>
    Array.from({ length: 10 }, (_, index) => ({
      at: '2026-01-01T00:00:00Z',
      phase: 'Error',
      value: `${index}${'v'.repeat(characters)}`,
      message: `${index}${'m'.repeat(characters)}`,
    }));
  const heavy = (id: string, phase: Run['phase'], metrics: number, characters: number) =>
    runOf({
      id,
      phase,
      metrics: Array.from({ length: metrics }, (_, index) => ({
        name: `${index}`,
        phase,
        message: 'x'.repeat(characters),
        measurements: measured(characters),
      })),
    });
  /** Measurements of the first metric, and the longest text in them. */
  const shape = ({ metrics }: Run) => [
    metrics[0]?.measurements.length,
    Math.max(
      0,
      ...(metrics[0]?.measurements ?? []).map(({ value = '', message = '' }) => Math.max(value.length, message.length)),
    ),
    metrics[0]?.message?.length ?? 0,
  ];

  test.each<[number, [number, number, number], [number, number, number]]>([
    [10, [10, 101, 100], [10, 101, 100]],
    [15, [10, 101, 100], [3, 59, 59]],
    [25, [5, 59, 59], [5, 59, 59]],
    [50, [2, 39, 39], [1, 39, 39]],
    [150, [1, 19, 19], [0, 0, 19]],
    [300, [0, 0, 0], [0, 0, 19]],
  ])('of twice %i metrics is shortened: the active run to %j, the finished one to %j', (metrics, active, finished) => {
    const runs = [heavy('finished', 'Failed', metrics, 100), heavy('active', 'Running', metrics, 100)];
    const fitting = fitStatus(runs).runs;
    expect(fitting.map(shape)).toEqual([finished, active]);
    expect(byteSize(fitting)).toBeLessThanOrEqual(MAX_STATUS_BYTES);
  });

  test('keeps the newest measurements, and texts within their length as they are', () => {
    const runs = [heavy('finished', 'Failed', 90, 50)];
    const last = fitStatus(runs).runs[0]!.metrics[0]!;
    expect(last.measurements).toEqual(measured(50).slice(-3));
    expect(last.message).toBe('x'.repeat(50));
  });

  test('of the finished runs keeps the first metric that decided, and then fewer of them', () => {
    const decided = (id: string): Run => {
      const run = heavy(id, 'Failed', 90, 100);
      return {
        ...run,
        past: true,
        message: 'm'.repeat(20_000),
        metrics: [{ ...run.metrics[0]!, name: 'good', phase: 'Successful' }, ...run.metrics],
      };
    };
    const runs = ['a', 'b', 'c', 'd', 'e'].map(decided);
    const { runs: fitting, dropped } = fitStatus(runs);
    expect(fitting.map(({ id }) => id)).toEqual(['c', 'd', 'e']);
    expect(fitting.map(({ metrics }) => metrics.map(({ name }) => name))).toEqual([['0'], ['0'], ['0']]);
    expect(dropped).toEqual(runs.slice(0, 2));
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
