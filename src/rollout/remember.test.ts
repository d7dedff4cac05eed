import { describe, expect, it } from 'vitest';
import { type Cluster, decided, HASH, T } from '../../test/rollouts/observed.js';
import type { Context, Findings } from './context.js';
import type { RolloutPlan } from './plan.js';
import type { Position } from './position.js';
import { remember, startedAt } from './remember.js';
import type { Wait } from './wait.js';

const ABORT = { reason: 'AnalysisFailed', message: 'errors 7 %', at: '2026-01-01T00:00:00Z' } as const;
const MIDWAY: Position = { step: 0, promoteFull: false, isNew: false };
const PODS: Wait = { reason: 'WaitingForPods', who: 'canary', available: 0, wanted: 1 };
const at = (seconds: number) => T + seconds * 1000;

const CLUSTER: Cluster = {
  strategy: { canary: { steps: [{ setWeight: 25 }, { pause: {} }] } },
  pods: { old: [4, 4], new: [1, 0] },
};
const DECISION = decided(CLUSTER);
const IDLE = { ...DECISION.revisions, stable: DECISION.revisions.updated };

function remembered(context: Partial<Context> = {}, plan: Partial<RolloutPlan> = {}, wait?: Wait) {
  return remember({ ...DECISION, ...context }, { ...DECISION.plan, gate: undefined, step: 0, ...plan }, wait);
}

describe('the setup', () => {
  const earlier = { ...DECISION.observation, memory: { ...DECISION.observation.memory, setupHash: 'earlier' } };
  const { setupHash: _, ...unknown } = DECISION.observation.memory;

  it.each<[string, Partial<Context>, Wait | undefined, string]>([
    ['is the current one', { observation: earlier }, PODS, DECISION.setupHash],
    [
      'is the earlier one until the rollout is back at stable',
      { observation: earlier, reverting: true },
      PODS,
      'earlier',
    ],
    ['is the current one once it is', { observation: earlier, reverting: true }, undefined, DECISION.setupHash],
    [
      'is the current one if no earlier one is known',
      { observation: { ...DECISION.observation, memory: unknown }, reverting: true },
      PODS,
      DECISION.setupHash,
    ],
  ])('%s', (_, context, wait, expected) => {
    expect(remembered(context, {}, wait).setupHash).toBe(expected);
  });
});

describe('of the position', () => {
  const promoted = { position: { ...MIDWAY, promoteFull: true } };

  it.each<[string, Partial<Context>, Partial<RolloutPlan>, boolean]>([
    ['a full promotion is remembered', promoted, {}, true],
    ['but not where there was none', { position: MIDWAY }, {}, false],
    ['until the revision is stable', promoted, { stable: HASH.new }, false],
    ['and not without a rollout', { ...promoted, revisions: IDLE }, {}, false],
  ])('%s', (_, context, plan, expected) => {
    expect(remembered(context, plan).promoteFull).toBe(expected);
  });

  it('the start of a hold is remembered, even the first instant', () => {
    expect(remembered({ position: { ...MIDWAY, heldSince: 0 } }).heldSince).toBe(0);
    expect(remembered({ position: MIDWAY })).not.toHaveProperty('heldSince');
  });

  it('the gate is the one of the plan', () => {
    const gate = { step: 1, startedAt: T };
    expect(remembered({}, { gate }).gate).toEqual(gate);
    expect(remembered()).not.toHaveProperty('gate');
  });

  it('the delays and the state of the routes are those of the plan', () => {
    const scaleDownAt = new Map([['abc', { at: T, wasStable: true }]]);
    const routeSeen = { state: 'S C 20', since: T };
    expect(remembered({}, { scaleDownAt, routeSeen })).toMatchObject({ scaleDownAt, routeSeen });
    expect(remembered({}, { scaleDownAt })).not.toHaveProperty('routeSeen');
  });
});

describe('the start of the steps', () => {
  const started = { position: { ...MIDWAY, startedAt: at(-30) } };

  it.each<[string, Partial<Context>, Partial<RolloutPlan>, number | undefined]>([
    ['is remembered while the rollout is in progress', started, {}, at(-30)],
    ['is now if the steps start in this sync', { position: MIDWAY }, {}, T],
    ['is forgotten once the revision is stable', started, { stable: HASH.new }, undefined],
    ['is forgotten after an abort', { position: { ...started.position, abort: ABORT } }, {}, undefined],
    ['is none without a rollout', { ...started, revisions: IDLE }, {}, undefined],
  ])('%s', (_, context, plan, expected) => {
    const bookkeeping = remembered(context, plan);
    expect(bookkeeping.startedAt).toBe(expected);
    expect('startedAt' in bookkeeping).toBe(expected !== undefined);
  });
});

describe('the last progress', () => {
  const progress = { at: at(-30), mark: { revision: HASH.new, pods: 0, replicas: 4 } };

  it.each<[string, Wait | undefined, object | undefined]>([
    ['is remembered while progress is expected', PODS, progress],
    ['is forgotten when nothing is left to do', undefined, undefined],
  ])('%s', (_, wait, expected) => {
    const bookkeeping = remembered({ position: { ...MIDWAY, progress } }, {}, wait);
    expect(bookkeeping.progress).toEqual(expected);
    expect('progress' in bookkeeping).toBe(expected !== undefined);
  });
});

describe('startedAt, after a start 100 s ago', () => {
  const gate = (seconds: number, step = 1) => ({ step, startedAt: at(seconds) });
  const findings = (seconds: number): Findings => ({ ...DECISION.findings, inconclusiveSince: at(seconds) });
  const inconclusive: Wait = { reason: 'InconclusiveAnalysis', revision: HASH.new, step: 1, message: '', since: T };

  it.each<[string, Partial<Context>, Partial<RolloutPlan>, number]>([
    ['without a wait for a person', {}, {}, -100],
    ['a gate of 60 s that was passed does not count', { approvalGate: gate(-60) }, {}, -40],
    ['a gate of 60 s before the next gate does not count', { approvalGate: gate(-60) }, { gate: gate(0, 2) }, -40],
    ['a gate that still waits is not subtracted yet', { approvalGate: gate(-60) }, { gate: gate(-60) }, -100],
    ['a gate since just now', { approvalGate: gate(0) }, {}, -100],
    ['a gate in the future: the clock was set back', { approvalGate: gate(50) }, {}, -100],
    ['a gate of longer than the rollout leaves it with no time spent', { approvalGate: gate(-150) }, {}, 0],
    ['an inconclusive analysis of 60 s that was approved does not count', { findings: findings(-60) }, {}, -40],
    ['one that still waits is not subtracted yet', { findings: findings(-60), stop: inconclusive }, {}, -100],
    [
      'another stop does not mean that it still waits',
      { findings: findings(-60), stop: { reason: 'AnalysisNotReady', message: '' } },
      {},
      -40,
    ],
    [
      'at a gate, an inconclusive analysis does not matter',
      { approvalGate: gate(-60), findings: findings(-80), stop: inconclusive },
      {},
      -40,
    ],
  ])('%s', (_, context, plan, seconds) => {
    const position = { ...MIDWAY, startedAt: at(-100) };
    const given = { ...DECISION, position, approvalGate: undefined, stop: undefined, ...context };
    expect(startedAt(given, { ...DECISION.plan, gate: undefined, ...plan })).toBe(at(seconds));
  });

  it('is the next full second, so that no time is lost', () => {
    const given = { ...DECISION, now: T + 1, position: MIDWAY, approvalGate: undefined };
    expect(startedAt(given, DECISION.plan)).toBe(at(1));
  });
});
