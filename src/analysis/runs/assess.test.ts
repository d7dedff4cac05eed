import { describe, expect, test } from 'vitest';
import { metricOf } from '../../../test/analysis/metric.js';
import type { MeasurementResult } from '../../fetch/measurement.js';
import type { Instant } from '../../schema/instant.js';
import type { AnalysisPhase, Run, RunPhase } from '../../status/analysisRuns.js';
import type { Metric } from '../metric.js';
import { advanceRun } from './advance.js';
import { measurementKey } from './run.js';
import { startRun } from './start.js';

const START = Date.parse('2026-01-01T00:00:00Z');
const outcomes = ['Successful', 'Failed', 'Inconclusive', 'Error'] as const;

/** Meets one, the other, neither or no condition. */
const values = { Successful: 1, Failed: 2, Inconclusive: 3 } as const;

const metric = metricOf({ interval: 10, failureCondition: 'result == 2' });

function begin(metrics: readonly Metric[], kind: 'background' | 'step' = 'background'): Run {
  const run = startRun({ kind, revision: 'abc' }, { metrics, secrets: [] }, [], START, 'analysis');
  if (!run.ok) throw new Error(JSON.stringify(run.problems));
  return run.value;
}

/** Answers what is due of the metric with this index. */
function answer(run: Run, index: number, phase: AnalysisPhase, now: Instant): Run {
  const state = run.metrics[index]!;
  const key = measurementKey('uid', run, state);
  const result: MeasurementResult =
    phase === 'Error'
      ? { key, at: now, outcome: 'error', message: 'timed out' }
      : { key, at: now, outcome: 'value', value: values[phase] };
  return advanceRun(run, 'uid', new Map([[key, result]]), now);
}

interface Limits {
  readonly count?: number;
  readonly failureLimit: number;
  readonly inconclusiveLimit: number;
  readonly consecutiveErrorLimit: number;
  readonly consecutiveSuccessLimit: number;
}

/** The rules told over the whole history, without any counters. */
function expected(history: readonly AnalysisPhase[], limits: Limits): RunPhase {
  for (let length = 1; length <= history.length; length++) {
    const end = ending(history.slice(0, length), limits);
    if (end !== undefined) return end;
  }
  return 'Running';
}

function ending(seen: readonly AnalysisPhase[], limits: Limits): AnalysisPhase | undefined {
  const of = (phase: AnalysisPhase) => seen.filter(other => other === phase).length;
  const row = (phase: AnalysisPhase) => seen.length - 1 - seen.findLastIndex(other => other !== phase);
  const wanted = limits.consecutiveSuccessLimit;
  if (limits.failureLimit !== -1 && of('Failed') > limits.failureLimit) return 'Failed';
  if (of('Inconclusive') > limits.inconclusiveLimit) return 'Inconclusive';
  if (row('Error') > limits.consecutiveErrorLimit) return 'Error';
  if (wanted > 0 && row('Successful') >= wanted) return 'Successful';
  if (limits.count === undefined || seen.length - of('Error') < limits.count) return undefined;
  if (wanted === 0) return 'Successful';
  return limits.failureLimit === -1 ? 'Failed' : 'Inconclusive';
}

function histories(length: number): AnalysisPhase[][] {
  if (length === 0) return [[]];
  return histories(length - 1).flatMap(before => outcomes.map(phase => [...before, phase]));
}

const table: Limits[] = [];
for (const failureLimit of [-1, 0, 1])
  for (const inconclusiveLimit of [0, 1])
    for (const consecutiveErrorLimit of [0, 1])
      for (const consecutiveSuccessLimit of [0, 1, 2])
        for (const count of [undefined, 1, 3]) {
          if (failureLimit === -1 && consecutiveSuccessLimit === 0) continue;
          if (count !== undefined && count < Math.max(failureLimit, 0) + consecutiveSuccessLimit) continue;
          if (count !== undefined && count < inconclusiveLimit) continue;
          table.push({
            failureLimit,
            inconclusiveLimit,
            consecutiveErrorLimit,
            consecutiveSuccessLimit,
            ...(count !== undefined && { count }),
          });
        }

describe('every history of four measurements under every combination of limits', () => {
  const all = histories(4);

  test.each(table)('%j', limits => {
    for (const history of all) {
      let run = begin([{ ...metric, ...limits }]);
      let now = START;
      for (const phase of history) {
        if (run.phase !== 'Running') break;
        now += 10_000;
        run = answer(run, 0, phase, now);
      }
      expect([history, run.phase]).toEqual([history, expected(history, limits)]);
    }
  });
});

describe('a run of several metrics', () => {
  test.each<[AnalysisPhase, AnalysisPhase, AnalysisPhase]>([
    ['Successful', 'Successful', 'Successful'],
    ['Successful', 'Failed', 'Failed'],
    ['Error', 'Failed', 'Failed'],
    ['Inconclusive', 'Error', 'Error'],
    ['Inconclusive', 'Failed', 'Failed'],
  ])('%s and %s together: %s', (first, second, phase) => {
    const once = { ...metric, count: 1, consecutiveErrorLimit: 0 };
    const run = begin([once, { ...once, name: 'n' }], 'step');
    const [one, two] = run.metrics.map(state => measurementKey('uid', run, state));
    const result = (key: string, outcome: AnalysisPhase): MeasurementResult =>
      outcome === 'Error'
        ? { key, at: START, outcome: 'error', message: 'down' }
        : { key, at: START, outcome: 'value', value: values[outcome] };
    const ended = advanceRun(
      run,
      'uid',
      new Map([
        [one!, result(one!, first)],
        [two!, result(two!, second)],
      ]),
      START,
    );
    expect(ended.phase).toBe(phase);
    expect(ended.pinned).toBeUndefined();
  });

  test('one that fails stops the others', () => {
    const run = answer(begin([metric, { ...metric, name: 'n' }]), 1, 'Failed', START);
    expect(run.phase).toBe('Failed');
    expect(run.message).toBe('metric "n" Failed: failed (1) > failureLimit (0), last value 2');
    expect(run.metrics.map(({ phase, message }) => [phase, message])).toEqual([
      ['Successful', 'stopped when the run ended, after 0 measurements'],
      ['Failed', 'failed (1) > failureLimit (0)'],
    ]);
    expect(run.finishedAt).toBe('2026-01-01T00:00:00Z');
    expect(run.tally).toEqual({ total: 1, bad: 1 });
  });

  test('one that runs dry decides nothing, and the run waits for it', () => {
    const dry: Metric = { ...metric, count: 1, dryRun: true };
    let run = begin([{ ...metric, name: 'n', count: 1 }, dry], 'step');
    run = answer(run, 0, 'Successful', START);
    expect(run.phase).toBe('Running');
    run = answer(run, 1, 'Failed', START);
    expect(run.phase).toBe('Successful');
    expect(run.metrics[1]).toMatchObject({ phase: 'Failed', dryRun: true });
  });

  test('a metric that is still answered after it succeeded is not counted', () => {
    const run = begin(
      [
        { ...metric, count: 1 },
        { ...metric, name: 'n', count: 2 },
      ],
      'step',
    );
    const once = answer(run, 0, 'Successful', START);
    expect(answer({ ...once }, 0, 'Failed', START).metrics[0]).toEqual(once.metrics[0]);
  });
});

test('without a count in a step the run would never end: refused', () => {
  const run = startRun(
    { kind: 'step', revision: 'abc', step: 1 },
    { metrics: [metric], secrets: [] },
    [],
    START,
    'steps[1]',
  );
  expect(run).toMatchObject({ ok: false, problems: [{ path: 'steps[1]' }] });
});

test('a health check counts consecutive failures', () => {
  const check: Metric = { ...metric, failureLimit: -1, failureThreshold: 2, inconclusiveLimit: 1000 };
  let run = begin([check]);
  for (const phase of ['Failed', 'Successful', 'Failed', 'Error'] as const) run = answer(run, 0, phase, START + 1);
  expect(run.phase).toBe('Running');
  run = answer(run, 0, 'Failed', START + 2);
  expect(run).toMatchObject({ phase: 'Failed', message: 'metric "m" Failed: 2 consecutive failures, last value 2' });
});
