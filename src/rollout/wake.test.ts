import { describe, expect, it } from 'vitest';
import { decided, HASH, T } from '../../test/rollouts/observed.js';
import { analysisOf } from '../../test/rollouts/runs.js';
import type { AnalysisState } from '../analysis/analysis.js';
import type { Progress } from '../status/bookkeeping.js';
import type { Context } from './context.js';
import type { RolloutPlan } from './plan.js';
import type { Wait } from './wait.js';
import { wakeAt } from './wake.js';

const NONE: AnalysisState = { runs: [] };
const PODS: Wait = { reason: 'WaitingForPods', who: 'canary', available: 0, wanted: 1 };
const APPROVAL: Wait = { reason: 'WaitingForApproval', revision: HASH.new, step: 0 };
const at = (seconds: number) => T + seconds * 1000;
const rollback = (given: object) => ({ enabled: true, ...given });

/** The seconds from now until the next sync. A rollout with a deadline of 600 s whose steps started now, unless given. */
function wakes(given: {
  readonly plan?: Partial<RolloutPlan>;
  readonly context?: Partial<Context>;
  readonly wait?: Wait;
  readonly progress?: Partial<Progress>;
  readonly analysis?: AnalysisState;
  readonly strategy?: object;
  readonly idle?: boolean;
}): number | undefined {
  const { plan = {}, context = {}, wait, progress, analysis = NONE, strategy = {}, idle = false } = given;
  const decision = decided({
    strategy: { canary: { steps: [{ setWeight: 20 }] }, ...strategy },
    pods: { old: [4, 4] },
    ...(idle && { memory: { stableRevision: HASH.new } }),
  });
  const planned = {
    ...decision.plan,
    waits: [],
    settlesAt: undefined,
    scaleDownAt: new Map(),
    gate: undefined,
    ...plan,
  };
  const remembered = {
    promoteFull: false,
    scaleDownAt: new Map(),
    ...(progress && { progress: { at: T, mark: { revision: HASH.new, pods: 0, replicas: 4 }, ...progress } }),
  };
  const wake = wakeAt({ ...decision, ...context }, planned, wait, remembered, analysis);
  return wake === undefined ? undefined : (wake - T) / 1000;
}

const until = (...seconds: readonly number[]): Partial<RolloutPlan> => ({
  waits: seconds.map(each => ({ reason: 'WaitingForTime', until: at(each) })),
});
const scaleDown = (...seconds: readonly number[]): Partial<RolloutPlan> => ({
  scaleDownAt: new Map(seconds.map(each => [`r${each}`, { at: at(each), wasStable: true }])),
});

describe('the next sync', () => {
  it.each<[string, Parameters<typeof wakes>[0], number | undefined]>([
    ['is not planned if only an event can change anything', { plan: { waits: [PODS] } }, undefined],
    ['is at the end of a wait', { plan: until(30) }, 30],
    ['is at the end of the first of several waits', { plan: { waits: [PODS, ...until(30, 20).waits!] } }, 20],
    ['is when the route has settled', { plan: { settlesAt: at(2) } }, 2],
    ['is when pods may be removed', { plan: scaleDown(40, 35) }, 35],
    ['is at the earliest of these', { plan: { ...until(3), ...scaleDown(1), settlesAt: at(2) } }, 1],
    ['is not for what is over now', { plan: { ...until(0), ...scaleDown(0), settlesAt: at(-1) } }, undefined],
    ['is for what is over in a second', { plan: { ...until(0, 1), ...scaleDown(0) } }, 1],
    ['is when the progress deadline is over', { progress: { at: at(-1) } }, 599],
    ['is not for a progress deadline that is over', { progress: { at: at(-600) } }, undefined],
    ['is not for a progress deadline that does not run', { progress: { at: at(-1), stoppedAt: at(-1) } }, undefined],
    ['is not for a progress deadline under a hold', { progress: {}, context: { held: 'spec' } }, undefined],
    ['is when a measurement is due', { plan: until(30), analysis: analysisOf({ dueAt: at(20) }) }, 20],
    ['is at once for an overdue measurement', { plan: until(30), analysis: analysisOf({ dueAt: at(-5) }) }, -5],
  ])('%s', (_, given, seconds) => {
    expect(wakes(given)).toBe(seconds);
  });
});

describe('the next sync because of autoRollback.onTimeout', () => {
  const strategy = { autoRollback: rollback({ onTimeout: 100 }) };
  const position = (startedAt: number | undefined, aborted = false): Partial<Context> => ({
    position: {
      step: 0,
      promoteFull: false,
      isNew: false,
      ...(startedAt !== undefined && { startedAt }),
      ...(aborted && { abort: { reason: 'AnalysisFailed', message: 'errors 7 %', at: '2026-01-01T00:00:00Z' } }),
    },
  });

  it.each<[string, Parameters<typeof wakes>[0], number | undefined]>([
    ['is when the time is over', { context: position(at(-30)) }, 70],
    ['counts from now if the steps start in this sync', { context: position(undefined) }, 100],
    ['is the same during a wait for the rollout', { context: position(at(-30)), wait: PODS }, 70],
    [
      'is none while a person is awaited: that time does not count',
      { context: position(at(-30)), wait: APPROVAL },
      undefined,
    ],
    ['is none without the timeout', { context: position(at(-30)), strategy: {} }, undefined],
    [
      'is none while automatic rollback is disabled',
      { context: position(at(-30)), strategy: { autoRollback: rollback({ enabled: false, onTimeout: 100 }) } },
      undefined,
    ],
    ['is none after an abort', { context: position(at(-30), true) }, undefined],
    ['is none if no rollout is in progress', { context: position(at(-30)), idle: true }, undefined],
    ['is none if the time is over', { context: position(at(-100)) }, undefined],
  ])('%s', (_, given, seconds) => {
    expect(wakes({ strategy, ...given })).toBe(seconds);
  });
});
