import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toRfc3339 } from '../schema/instant.js';
import { readAbortReason } from './abortReasons.js';
import { ANALYSIS_PHASES, type AnalysisState, RUN_KINDS } from './analysisRuns.js';
import { CONDITION_STATUSES, CONDITION_TYPES } from './conditions.js';
import { PHASES } from './phases.js';
import { readStatus, type Status, understoodStatus, writeStatus } from './status.js';

const T = Date.UTC(2026, 0, 1);

/** Everything that status can hold. */
const FULL: Status = {
  counts: { replicas: 5, readyReplicas: 4, availableReplicas: 3, updatedReplicas: 2 },
  selector: 'aibrix.io/stormservice=my-app',
  conditions: [
    { type: 'Paused', status: 'True', reason: 'Held', message: 'held', lastTransitionTime: '2026-01-01T00:00:00Z' },
  ],
  phase: 'Paused',
  message: 'waiting',
  strategy: 'Canary',
  stableRevision: 'old',
  updatedRevision: 'new',
  stepIndex: 1,
  step: '2/5 pause until approved',
  canaryWeight: 10,
  observedWeight: 0,
  pause: { reason: 'PauseDuration', startedAt: T, until: T + 60_000 },
  abort: { reason: 'AnalysisFailed', message: 'errors', at: '2026-01-01T00:00:00Z', by: 'me' },
  blueGreen: { activeRevision: 'old', previewRevision: 'new' },
  setupHash: 's1',
  stepsHash: 's2',
  gate: { step: 1, startedAt: T },
  promoteFull: true,
  heldSince: T + 1000,
  startedAt: T + 2000,
  progress: { at: T + 3000, stoppedAt: T + 4000, mark: { revision: 'new', pods: 2, replicas: 5 } },
  scaleDownAt: new Map([['old', { at: T + 4000, wasStable: true }]]),
  routeSeen: { state: 'web 10', since: T + 5000 },
  history: [{ revision: 'new', number: 2, changeCause: 'image 2' }],
  handled: [{ effect: 'passed', name: 'aibrix.io/rollout-approve', value: 'new:1', by: 'me', at: 'then' }],
  analysis: {
    runs: [{ id: 'r', kind: 'step', revision: 'new', phase: 'Failed', startedAt: '2026-01-01T00:00:00Z', metrics: [] }],
    dropped: { total: 3, bad: 1 },
  },
  missing: [{ kind: 'Service', name: 'web', since: '2026-01-01T00:00:00Z' }],
};

/** Byte for byte: a field that moves would be a write to every StormService. */
const FULL_JSON =
  '{"replicas":5,"readyReplicas":4,"availableReplicas":3,"updatedReplicas":2,"selector":"aibrix.io/stormservice=my-app",' +
  '"conditions":[{"type":"Paused","status":"True","reason":"Held","message":"held","lastTransitionTime":"2026-01-01T00:00:00Z"}],' +
  '"rolloutStatus":{"phase":"Paused","message":"waiting","strategy":"Canary","stableRevision":"old","updatedRevision":"new",' +
  '"currentStepIndex":1,"step":"2/5 pause until approved","canaryWeight":10,"observedWeight":0,' +
  '"pause":{"reason":"PauseDuration","startedAt":"2026-01-01T00:00:00Z","until":"2026-01-01T00:01:00Z"},' +
  '"abort":{"reason":"AnalysisFailed","message":"errors","at":"2026-01-01T00:00:00Z","by":"me"},' +
  '"blueGreen":{"activeRevision":"old","previewRevision":"new"}},' +
  '"bookkeeping":{"setupHash":"s1","stepsHash":"s2","gate":{"step":1,"startedAt":"2026-01-01T00:00:00Z"},"promoteFull":true,' +
  '"heldSince":"2026-01-01T00:00:01Z","startedAt":"2026-01-01T00:00:02Z","progress":{"revision":"new","pods":2,' +
  '"replicas":5,"at":"2026-01-01T00:00:03Z","stoppedAt":"2026-01-01T00:00:04Z"},' +
  '"scaleDown":[{"revision":"old","at":"2026-01-01T00:00:04Z","wasStable":true}],' +
  '"routeSeen":{"state":"web 10","since":"2026-01-01T00:00:05Z"}},' +
  '"history":[{"revision":"new","number":2,"changeCause":"image 2"}],' +
  '"handledAnnotations":[{"effect":"passed","name":"aibrix.io/rollout-approve","value":"new:1","by":"me","at":"then"}],' +
  '"analysisRuns":[{"id":"r","kind":"step","revision":"new","phase":"Failed","startedAt":"2026-01-01T00:00:00Z","metrics":[]}],' +
  '"analysisTotals":{"total":3,"bad":1},' +
  '"missing":[{"kind":"Service","name":"web","since":"2026-01-01T00:00:00Z"}]}';

const EMPTY: Status = {
  counts: { replicas: 0, readyReplicas: 0, availableReplicas: 0, updatedReplicas: 0 },
  conditions: [],
  stepIndex: 0,
  promoteFull: false,
  scaleDownAt: new Map(),
  history: [],
  handled: [],
  analysis: { runs: [] },
  missing: [],
};

const EMPTY_JSON =
  '{"replicas":0,"readyReplicas":0,"availableReplicas":0,"updatedReplicas":0,"conditions":[],"rolloutStatus":{},"bookkeeping":{},"history":[]}';

describe('writeStatus', () => {
  it('writes every field in its place', () => {
    expect(JSON.stringify(writeStatus(FULL))).toBe(FULL_JSON);
  });

  it('writes progressedAt while time counts', () => {
    const { heldSince: _, ...counting } = {
      ...FULL,
      progress: { at: T, mark: { revision: 'new', pods: 2, replicas: 5 } },
    };
    const { bookkeeping } = writeStatus(counting);
    const time = { progressedAt: '2026-01-01T00:00:00Z', progress: { revision: 'new', pods: 2, replicas: 5 } };
    expect(bookkeeping).toMatchObject(time);
    expect(bookkeeping?.progress).toEqual(time.progress);
  });

  it('writes no field without a value', () => {
    expect(JSON.stringify(writeStatus(EMPTY))).toBe(EMPTY_JSON);
  });

  it('writes no index where there are no steps', () => {
    const { step: _, ...without } = FULL;
    expect(writeStatus(without).rolloutStatus).not.toHaveProperty('currentStepIndex');
  });
});

const filled = fc.string({ minLength: 1, maxLength: 8 });
const text = fc.string({ maxLength: 8 });
/** Status holds whole seconds. */
const instant = fc.integer({ min: 0, max: Date.UTC(9999, 0, 1) / 1000 }).map(seconds => seconds * 1000);
const stored = instant.map(toRfc3339);
const whole = fc.nat();
const yes = fc.constant(true as const);

type Fields<T> = { [K in keyof T]: fc.Arbitrary<T[K]> };

/** All of the first fields, some of the others, in any combination. */
function having<A extends object, B extends object>(all: Fields<A>, some: Fields<B>): fc.Arbitrary<A & Partial<B>> {
  const others = fc.record(some, { requiredKeys: [] }) as fc.Arbitrary<Partial<B>>;
  return fc.tuple(fc.record(all), others).map(([known, more]) => ({ ...(known as A), ...more }));
}

function anyAnalysis(): fc.Arbitrary<AnalysisState> {
  const phase = fc.constantFrom(...ANALYSIS_PHASES);
  const measurement = fc.record({ at: text, phase, value: text });
  const ended = fc.record({ name: text, phase, failed: whole, measurements: fc.array(measurement, { maxLength: 2 }) });
  const running = fc.constant('Running' as const);
  const going = fc.record({ name: text, phase: running, dueAt: stored, measurements: fc.constant([]) });
  const kind = fc.constantFrom(...RUN_KINDS);
  const metrics = fc.array(fc.oneof(ended, going), { maxLength: 2 });
  const run = having(
    { id: text, kind, revision: text, phase, startedAt: stored, metrics },
    { step: whole, approved: yes, past: yes, finishedAt: stored },
  );
  return having({ runs: fc.array(run, { maxLength: 3 }) }, { dropped: fc.record({ total: whole, bad: whole }) });
}

/** What is always in a status. */
function anyLists() {
  const condition = having(
    { type: fc.constantFrom(...CONDITION_TYPES), status: fc.constantFrom(...CONDITION_STATUSES) },
    { reason: text, message: text, lastTransitionTime: stored, observedGeneration: whole },
  );
  const handled = having({ effect: text, name: text }, { value: text, by: text, at: text });
  const delay = fc.tuple(text, fc.record({ at: instant, wasStable: fc.boolean() }));
  return fc.record({
    counts: fc.record({ replicas: whole, readyReplicas: whole, availableReplicas: whole, updatedReplicas: whole }),
    conditions: fc.array(condition, { maxLength: 3 }),
    promoteFull: fc.boolean(),
    scaleDownAt: fc.array(delay, { maxLength: 3 }).map(entries => new Map(entries)),
    history: fc.array(having({ revision: text, number: whole }, { changeCause: text }), { maxLength: 2 }),
    handled: fc.array(handled, { maxLength: 3 }),
    analysis: anyAnalysis(),
    missing: fc.array(fc.record({ kind: text, name: text, since: stored }), { maxLength: 2 }),
  });
}

/** Any status. No revision or hash is empty: that means none. An index is there only with steps. */
function anyStatus(): fc.Arbitrary<Status> {
  const steps = fc.oneof(fc.constant({ stepIndex: 0 }), fc.record({ stepIndex: whole, step: text }));
  const others = having(
    {},
    {
      selector: text,
      phase: fc.constantFrom(...PHASES),
      message: text,
      strategy: text,
      stableRevision: filled,
      updatedRevision: filled,
      canaryWeight: whole,
      observedWeight: whole,
      pause: having({ reason: text, startedAt: instant }, { until: instant }),
      abort: having({ reason: text.map(readAbortReason), message: text, at: text }, { by: filled }),
      blueGreen: having({}, { activeRevision: text, previewRevision: text }),
      setupHash: filled,
      stepsHash: filled,
      gate: fc.record({ step: whole, startedAt: instant }),
      heldSince: instant,
      startedAt: instant,
      progress: having(
        { at: instant, mark: fc.record({ revision: text, pods: whole, replicas: whole }) },
        { stoppedAt: instant },
      ),
      routeSeen: fc.record({ state: text, since: instant }),
    },
  );
  return fc.tuple(anyLists(), steps, others).map(([lists, index, more]) => ({ ...lists, ...index, ...more }));
}

describe('read and write', () => {
  const read = (json: string): Status => {
    const { lost: _lost, raw: _raw, ...status } = readStatus(JSON.parse(json));
    return status;
  };

  it('what was written is read as it was', () => {
    fc.assert(
      fc.property(anyStatus(), status => {
        expect(read(JSON.stringify(writeStatus(status)))).toEqual(status);
      }),
    );
    expect(read(FULL_JSON)).toEqual(FULL);
    expect(read(EMPTY_JSON)).toEqual(EMPTY);
  });

  it('what was read is written as it was, byte for byte', () => {
    fc.assert(
      fc.property(anyStatus(), status => {
        const json = JSON.stringify(writeStatus(status));
        expect(JSON.stringify(writeStatus(read(json)))).toBe(json);
      }),
    );
    expect(JSON.stringify(writeStatus(read(FULL_JSON)))).toBe(FULL_JSON);
  });

  it('what was written fits its schema', () => {
    fc.assert(
      fc.property(anyStatus(), status => {
        const written = writeStatus(status);
        expect(understoodStatus(written)).toBe(written);
      }),
    );
  });
});
