import { describe, expect, it } from 'vitest';
import { type Cluster, decided, HASH, T } from '../../../test/rollouts/observed.js';
import { analysisOf } from '../../../test/rollouts/runs.js';
import type { AnalysisState } from '../../analysis/analysis.js';
import type { Context } from '../context.js';
import type { Wait } from '../wait.js';
import { finalCheck, firstDeploymentWait, isMeasuredFirst } from './finalCheck.js';

const ABORT = { reason: 'AnalysisFailed', message: 'errors 7 %', at: '2026-01-01T00:00:00Z' } as const;
const STOP: Wait = { reason: 'AnalysisNotReady', message: 'there is no AnalysisTemplate errors' };
const FIRST = { stableRevision: undefined };
const ANALYZED = { analysis: { onFirstDeployment: true } };
const METRICS = { metrics: [{ name: 'errors', provider: { prometheus: { address: 'http://p:9090', query: 'up' } } }] };
const BACKGROUND = { ...ANALYZED, canary: { analysis: { ...METRICS } } };
const POST = { ...ANALYZED, blueGreen: { postPromotionAnalysis: METRICS } };
const POSITION = { step: 2, promoteFull: false, isNew: false };

function context(cluster: Partial<Cluster>, other: Partial<Context> = {}): Context {
  const pods = { new: [4, 4] } as const;
  return { ...decided({ strategy: { canary: {} }, pods, ...cluster }), position: POSITION, stop: undefined, ...other };
}

describe('a first deployment that is analyzed', () => {
  const aborted = { position: { ...POSITION, abort: ABORT }, stop: STOP };

  it.each<[string, Partial<Cluster>, Partial<Context>, Wait | undefined]>([
    ['was rejected, and there is nothing to roll back to', { memory: FIRST }, aborted, { reason: 'NothingToGoBackTo' }],
    ['stops', { memory: FIRST }, { stop: STOP }, STOP],
    ['goes on', { memory: FIRST }, {}, undefined],
    ['is none without the analysis', { memory: FIRST, strategy: { canary: {} } }, aborted, undefined],
    ['is none with a stable revision', {}, aborted, undefined],
  ])('%s', (_, cluster, other, wait) => {
    const given = context({ strategy: { ...ANALYZED, canary: {} }, ...cluster }, other);
    expect(firstDeploymentWait(given)).toEqual(wait);
    expect(finalCheck(given, 2)).toEqual(wait && { wait });
  });

  it.each<[string, Partial<Cluster>, boolean]>([
    ['is measured', { memory: FIRST }, true],
    ['has nothing to measure without replicas', { memory: FIRST, replicas: 0 }, false],
    ['is measured with one replica', { memory: FIRST, replicas: 1 }, true],
    ['is none with a stable revision', {}, false],
  ])('%s', (_, cluster, measured) => {
    expect(isMeasuredFirst(context({ strategy: BACKGROUND, ...cluster }))).toBe(measured);
  });
});

describe('the analysis of a first deployment', () => {
  const run = (kind: 'background' | 'postPromotion', phase: 'Running' | 'Successful') =>
    analysisOf({ kind, phase, revision: HASH.new });
  const progress = '0 of 1 metrics done, 0 measurements';
  const waiting = (kind: 'background' | 'postPromotion', state = progress): Wait => ({
    reason: 'WaitingForAnalysis',
    purpose: { kind, revision: HASH.new },
    progress: state,
  });

  it.each<[string, Partial<Cluster>, AnalysisState, Wait | undefined]>([
    ['has not started', { strategy: BACKGROUND }, { runs: [] }, waiting('background', 'starting')],
    ['is running', { strategy: BACKGROUND }, run('background', 'Running'), waiting('background')],
    ['has succeeded', { strategy: BACKGROUND }, run('background', 'Successful'), undefined],
    ['of blue-green has not started', { strategy: POST }, { runs: [] }, waiting('postPromotion', 'starting')],
    ['of blue-green is running', { strategy: POST }, run('postPromotion', 'Running'), waiting('postPromotion')],
    ['of blue-green has succeeded', { strategy: POST }, run('postPromotion', 'Successful'), undefined],
    ['of a canary without one', { strategy: { ...ANALYZED, canary: {} } }, { runs: [] }, undefined],
    ['of blue-green without one', { strategy: { ...ANALYZED, blueGreen: {} } }, { runs: [] }, undefined],
    ['of a rolling update', { strategy: { ...ANALYZED, rollingUpdate: {} } }, { runs: [] }, undefined],
    ['that is not enabled', { strategy: { canary: BACKGROUND.canary } }, { runs: [] }, undefined],
  ])('%s', (_, cluster, analysis, wait) => {
    const findings = { analysis, notes: [] };
    const given = context({ memory: FIRST, ...cluster }, { findings });
    expect(finalCheck(given, 2)).toEqual(wait && { wait });
  });

  it('an endless metric must have succeeded once', () => {
    const unlimited = { name: 'errors', interval: '10s', ...METRICS.metrics[0] };
    const [first] = analysisOf({ kind: 'background', revision: HASH.new, pinned: [unlimited] }).runs;
    const measured = (successful: number) => ({
      runs: [{ ...first!, metrics: first!.metrics.map(metric => ({ ...metric, successful })) }],
    });
    const check = (successful: number) => {
      const findings = { analysis: measured(successful), notes: [] };
      return finalCheck(context({ memory: FIRST, strategy: BACKGROUND }, { findings }), 2)?.wait.reason;
    };
    expect([check(0), check(1)]).toEqual(['WaitingForAnalysis', undefined]);
  });
});

describe('bakeSeconds: 30', () => {
  const strategy = { canary: {}, autoRollback: { bakeSeconds: 30 } };
  const at = (seconds: number) => T + seconds * 1000;
  const baking = (start: number) => ({
    gate: { step: 2, startedAt: at(start) },
    wait: { reason: 'Baking', until: at(start + 30) },
  });
  const gate = (seconds: number, step = 2) => ({ position: { ...POSITION, gate: { step, startedAt: at(seconds) } } });

  it.each<[string, Partial<Cluster>, Partial<Context>, unknown]>([
    ['starts after the last step', {}, {}, baking(0)],
    ['starts at a full second', {}, { now: T - 999 }, baking(0)],
    ['continues', {}, gate(-29), baking(-29)],
    ['is over after 30 s', {}, gate(-30), undefined],
    ['does not start at the gate of another step', {}, gate(-30, 1), baking(0)],
    ['is none of a rollout that is complete', { memory: { stableRevision: HASH.new } }, {}, undefined],
    ['is none of a first deployment', { memory: FIRST }, {}, undefined],
    [
      'is some of an analyzed first deployment',
      { memory: FIRST, strategy: { ...strategy, ...ANALYZED } },
      {},
      baking(0),
    ],
    ['is none without automatic rollback', { strategy: { canary: {} } }, {}, undefined],
    [
      'is none if automatic rollback is disabled',
      { strategy: { canary: {}, autoRollback: { ...strategy.autoRollback, enabled: false } } },
      {},
      undefined,
    ],
    ['is none of 0 s', { strategy: { canary: {}, autoRollback: { bakeSeconds: 0 } } }, {}, undefined],
  ])('%s', (_, cluster, other, expected) => {
    expect(finalCheck(context({ strategy, ...cluster }, other), 2)).toEqual(expected);
  });
});
