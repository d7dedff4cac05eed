import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metricOf } from '../../../test/analysis/metric.js';
import type { MeasurementResult, Measurements } from '../../fetch/measurement.js';
import { type Instant, toRfc3339 } from '../../schema/instant.js';
import type { Run } from '../../status/analysisRuns.js';
import type { AnalysisContext } from '../context.js';
import type { Metric } from '../metric.js';
import { advanceRun, stopRun } from './advance.js';
import { dueMeasurements } from './due.js';
import { measured, measurementKey, nextDue } from './run.js';
import { startRun } from './start.js';

const START = Date.parse('2026-01-01T00:00:00Z');
const parent = { apiVersion: 'v1', kind: 'StormService', metadata: { name: 'app', namespace: 'ns', uid: 'uid' } };
const context: AnalysisContext = { parent, related: {}, stableRevision: 'old', latestRevision: 'new' };

const metric = metricOf({
  interval: 10,
  failureLimit: 1_000_000,
  inconclusiveLimit: 1_000_000,
  consecutiveErrorLimit: 1_000_000,
  measurementRetention: 3,
});

function begin(overrides: Partial<Metric> = {}, now: Instant = START): Run {
  const run = startRun(
    { kind: 'background', revision: 'abc' },
    { metrics: [{ ...metric, ...overrides }], secrets: [] },
    [],
    now,
    'analysis',
  );
  if (!run.ok) throw new Error(JSON.stringify(run.problems));
  return run.value;
}

function value(run: Run, at: Instant, result: number | null = 1): Measurements {
  const key = measurementKey('uid', run, run.metrics[0]!);
  const answer: MeasurementResult =
    result === null
      ? { key, at, outcome: 'error', message: 'timed out' }
      : { key, at, outcome: 'value', value: result };
  return new Map([[key, answer]]);
}

const due = (run: Run) => run.metrics[0]?.dueAt;

describe('when a measurement is due', () => {
  test('without a delay at once, with one never early', () => {
    expect(due(begin({}, START + 900))).toBe(toRfc3339(START));
    expect(due(begin({ initialDelay: 60 }, START + 900))).toBe(toRfc3339(START + 61_000));
  });

  test.each<[string, Instant, number | null, Instant]>([
    ['an interval after the last due time', 400, 1, 10_000],
    ['answers that come late do not shift it', 9_900, 1, 10_000],
    ['what was missed is made up for once', 35_000, 1, 40_000],
    ['an error is asked again after 10 s', 400, null, 11_000],
    ['and 10 s after its answer, not after its due time', 25_200, null, 36_000],
  ])('%s', (_, at, result, expected) => {
    const run = begin();
    expect(due(advanceRun(run, 'uid', value(run, START + at, result), START + at))).toBe(toRfc3339(START + expected));
  });

  test('the same request until it is answered, then the next when its time has come', () => {
    const run = begin();
    const asked = [0, 1_000, 60_000].map(after => dueMeasurements([run], context, START + after).requests);
    expect(asked.map(requests => requests[0]?.key)).toEqual(Array(3).fill(`uid/${run.id}/m/2026-01-01T00:00:00Z`));
    const after = advanceRun(run, 'uid', value(run, START), START);
    expect(dueMeasurements([after], context, START + 9_999).requests).toEqual([]);
    expect(dueMeasurements([after], context, START + 10_000).requests).toHaveLength(1);
    expect(nextDue(after)).toBe(START + 10_000);
  });

  test('a run that has ended asks nothing and is due at no time', () => {
    const ended = stopRun(begin(), START + 1, 'rollout aborted');
    expect(ended).toMatchObject({
      phase: 'Successful',
      message: 'rollout aborted',
      finishedAt: toRfc3339(START + 1000),
    });
    expect(dueMeasurements([ended], context, START + 60_000)).toEqual({ requests: [], answered: [] });
    expect(nextDue(ended)).toBeUndefined();
    expect(stopRun(ended, START + 5_000, 'again')).toBe(ended);
  });
});

test('without a result the very same run comes back', () => {
  const run = begin();
  expect(advanceRun(run, 'uid', new Map(), START)).toBe(run);
});

test('a run whose metrics were damaged in status ends as an error and says so', () => {
  const run = { ...begin(), pinned: [{ name: 'other' }] };
  expect(advanceRun(run, 'uid', new Map(), START)).toMatchObject({
    phase: 'Error',
    message: expect.stringContaining('cannot be read'),
  });
});

test('no value in status is longer than it may be', () => {
  const run = begin({ successCondition: 'size(result) > 0' });
  const key = measurementKey('uid', run, run.metrics[0]!);
  const long = { key, at: START, outcome: 'value', value: ['😀'.repeat(500), Number.NaN] } as const;
  const after = advanceRun(run, 'uid', new Map([[key, long]]), START);
  const shown = after.metrics[0]?.measurements[0]?.value ?? '';
  expect(shown.length).toBeLessThanOrEqual(120);
  expect(() => encodeURIComponent(shown)).not.toThrow();
});

interface Sync {
  /** How many statuses ago the one was written that this sync sees. */
  readonly back: number;
  readonly later: number;
  readonly result: number | null;
  /** Another replica asks again, and may get another number. */
  readonly again: boolean;
}

/** A status, and the keys that were counted on the way to it. */
interface Written {
  readonly run: Run;
  readonly counted: readonly string[];
}

const taken = (run: Run) => measured(run.metrics[0]!) + (run.metrics[0]?.error ?? 0);

/** One sync: asks what is due, counts what has been answered, and checks what it counted. */
function syncOnce(
  { run, counted }: Written,
  { result, again }: Sync,
  answers: Map<string, MeasurementResult>,
  now: Instant,
) {
  const asked = dueMeasurements([run], context, now).requests.map(({ key }) => key);
  const missing = asked.filter(key => again || !answers.has(key));
  for (const key of missing) answers.set(key, value(run, now, result).get(key)!);
  const next = advanceRun(run, 'uid', answers, now);
  const key = measurementKey('uid', run, run.metrics[0]!);
  expect(taken(next) - taken(run)).toBe(next === run ? 0 : 1);
  expect(counted).not.toContain(next === run ? undefined : key);
  const sameAgain = new Map([...answers].filter(([answered]) => answered === key));
  expect(advanceRun(next, 'uid', next === run ? new Map() : sameAgain, now)).toBe(next);
  return { run: next, counted: next === run ? counted : [...counted, key] };
}

/**
 * Syncs in any order: each sees the status of the last one, or an older one because a write was lost or a read was
 * stale, and the results of all syncs so far stay available.
 */
describe('no measurement is counted twice', () => {
  const syncs = fc.array(
    fc.record<Sync>({
      back: fc.nat({ max: 3 }),
      later: fc.integer({ min: 0, max: 25_000 }),
      result: fc.constantFrom(0, 1, null),
      again: fc.boolean(),
    }),
    { maxLength: 30 },
  );

  test('under duplication, reordering and loss of status', () => {
    fc.assert(
      fc.property(syncs, all => {
        const written: Written[] = [{ run: begin(), counted: [] }];
        const answers = new Map<string, MeasurementResult>();
        let now = START;
        for (const sync of all) {
          now += sync.later;
          const seen = written[Math.max(0, written.length - 1 - sync.back)]!;
          written.push(syncOnce(seen, sync, answers, now));
        }
      }),
    );
  });

  test('two replicas that see the same status ask the same key and decide the same', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 30_000 }), fc.constantFrom(0, 1, null))), answers => {
        let run = begin();
        let now = START;
        for (const [later, result] of answers) {
          now += later;
          const stored = JSON.parse(JSON.stringify(run)) as Run;
          const [one, two] = [run, stored].map(seen => dueMeasurements([seen], context, now));
          expect(two).toEqual(one);
          const results = value(run, now, result);
          expect(advanceRun(stored, 'uid', results, now)).toEqual(advanceRun(run, 'uid', results, now));
          run = advanceRun(run, 'uid', results, now);
        }
      }),
    );
  });
});
