import { describe, expect, it } from 'vitest';
import { ABORT, contextOf, type Given, runOfC, T } from '../../../test/rollouts/context.js';
import type { AnalysisState, Run } from '../../analysis/analysis.js';
import { measurementKey } from '../../analysis/runs/run.js';
import type { Measurements } from '../../fetch/measurement.js';
import { APPROVE_ANNOTATION } from '../../schema/names.js';
import type { Context } from '../context.js';
import type { Wait } from '../wait.js';
import { analysisWait, judge, startAwaited } from './judge.js';

const PROVIDER = { prometheus: { address: 'http://prometheus:9090', query: 'up' } };
/** 0 succeeds, 9 fails, and anything between is inconclusive. */
const METRIC = { name: 'errors', count: 1, successCondition: 'result < 1', failureCondition: 'result > 5' };
const ANALYSIS = { metrics: [{ ...METRIC, provider: PROVIDER }] };
const CHANGED = { metrics: [{ ...METRIC, failureCondition: 'result > 6', provider: PROVIDER }] };
const MISSING = { templates: [{ templateName: 'absent' }] };
const CHECKS = [{ name: 'up', interval: '10s', http: { url: 'http://my-app/' } }];
const STEP = { reason: 'WaitingForAnalysis', purpose: { kind: 'step', revision: 'C', step: 0 }, progress: '' } as const;
const NO_PROGRESS = '0 of 1 metrics done, 0 measurements';
const HELD = { finishedAt: '2025-12-31T23:59:30Z', message: 'neither condition holds' };

const inStep = (analysis: object) => ({ canary: { steps: [{ analysis }] } });
const inBackground = (analysis: object) => ({ canary: { steps: [{ pause: {} }], analysis } });

function context(rolloutStrategy: object, runs: readonly Run[] = [], given: Given = {}): Context {
  return contextOf({
    spec: { rolloutStrategy },
    memory: { analysis: { runs } },
    findings: { analysis: { runs }, notes: [] },
    ...given,
  });
}

function judged(strategy: object, runs: readonly Run[] = [], given: Given = {}, results: Measurements = new Map()) {
  return judge(context(strategy, runs, given), results);
}

function approving(value: string): Given {
  return { commands: { pause: false, approve: { annotation: APPROVE_ANNOTATION, value } } };
}

/** A run that started now, as status has it in the next sync. */
function started(kind: 'step' | 'background'): { readonly run: Run; readonly strategy: object } {
  const strategy = kind === 'step' ? inStep(ANALYSIS) : inBackground(ANALYSIS);
  const { findings } = startAwaited(context(strategy, [], { findings: judged(strategy) }), STEP);
  const run = findings.analysis.runs.at(-1);
  if (run?.kind !== kind) throw new Error(`no ${kind} analysis was started`);
  return { run, strategy };
}

function measuring(run: Run, value: number): Measurements {
  const key = measurementKey('u', run, run.metrics[0] as Run['metrics'][number]);
  return new Map([[key, { key, at: T - 1000, outcome: 'value', value }]]);
}

describe('analyses are closed', () => {
  const run = runOfC('step', 'Running');
  it.each<[string, Given, string]>([
    ['after the rollout', { stable: 'C' }, 'the rollout is complete'],
    ['in a first deployment that is not analyzed', { stable: null }, 'the rollout is complete'],
    ['after an abort', { position: { abort: ABORT } }, 'the rollout was aborted'],
    ['reconfigured', { reverting: true }, 'the configuration changed'],
    ['when the steps restart', { restarts: true }, 'the steps restarted'],
  ])('%s', (_, given, message) => {
    const findings = judged(inStep(ANALYSIS), [run], given);
    expect(findings).toEqual({ analysis: { runs: [expect.objectContaining({ past: true, message })] }, notes: [] });
  });

  it('but not in an analyzed first deployment', () => {
    const strategy = { ...inStep(ANALYSIS), analysis: { onFirstDeployment: true } };
    expect(judged(strategy, [run], { stable: null }).analysis.runs).toEqual([
      expect.not.objectContaining({ past: true }),
    ]);
  });
});

describe('analyses beside the steps', () => {
  it.each([{}, { restarts: true }])('start: %j', given => {
    const { analysis, notes, stop } = judged(inBackground(ANALYSIS), [], given);
    expect(analysis.runs).toMatchObject([{ kind: 'background', revision: 'C', phase: 'Running' }]);
    expect(notes).toEqual([]);
    expect(stop).toBeUndefined();
  });

  it('that cannot start stop the rollout; the others start', () => {
    const { analysis, stop } = judged({ ...inBackground(MISSING), autoRollback: { healthChecks: CHECKS } });
    expect(stop).toMatchObject({ reason: 'AnalysisNotReady', message: expect.stringContaining('absent') });
    expect(analysis.runs.map(({ kind }) => kind)).toEqual(['healthCheck']);
  });

  it('continue with the templates that they started with, and say so', () => {
    const { run } = started('background');
    const { notes, analysis } = judged(inBackground(CHANGED), [run]);
    expect(notes).toEqual([expect.stringContaining('continues with its original templates')]);
    expect(analysis.runs).toEqual([run]);
  });
});

describe('measurements', () => {
  const abort = { reason: 'AnalysisFailed', message: expect.any(String), at: '2025-12-31T23:59:59Z' };
  const stop = { reason: 'InconclusiveAnalysis', revision: 'C', step: 0, message: expect.any(String), since: T };

  it.each<[number, object]>([
    [0, {}],
    [9, { abort }],
    [3, { stop }],
  ])('of %i', (value, expected) => {
    const { run, strategy } = started('step');
    const { analysis: _, ...findings } = judged(strategy, [run], {}, measuring(run, value));
    expect(findings).toEqual({ notes: [], ...expected });
  });

  it('a failed run without a measurement aborts now', () => {
    const { abort } = judged(inStep(ANALYSIS), [runOfC('step', 'Failed', { message: 'm' })], { now: T + 1 });
    expect(abort).toEqual({ reason: 'AnalysisFailed', message: 'm', at: '2026-01-01T00:00:01Z' });
  });
});

describe('an inconclusive analysis that status shows', () => {
  const recorded = [
    runOfC('step', 'Successful', { id: 'a', step: 1 }),
    runOfC('step', 'Inconclusive', { step: 0, ...HELD }),
  ];
  const stop = { reason: 'InconclusiveAnalysis', revision: 'C', step: 0, message: HELD.message, since: T - 30_000 };

  it.each<[string, Given, object]>([
    ['holds the rollout', {}, { stop, approval: undefined }],
    [
      'not approved: another step',
      approving('C:1'),
      { stop, approval: { passed: false, effect: 'ignored: C:0 is waiting, not C:1' } },
    ],
    [
      'not approved: another revision',
      approving('B:0'),
      { stop, approval: { passed: false, effect: 'ignored: C:0 is waiting, not B:0' } },
    ],
    [
      'approved',
      approving('true'),
      { stop: undefined, approval: { passed: true, effect: 'passed the step analysis of revision C' } },
    ],
    ['approved by its step', approving('C:0'), { stop: undefined, approval: { passed: true } }],
  ])('%s', (_, given, findings) => {
    const { stop, approval, inconclusiveSince, analysis } = judged(inStep(ANALYSIS), recorded, given);
    expect({ stop, approval }).toMatchObject(findings);
    expect(inconclusiveSince).toBe(T - 30_000);
    expect(analysis.runs.map(({ approved }) => approved)).toEqual([undefined, approval?.passed ? true : undefined]);
  });

  it('holds from now if it is not known when it ended', () => {
    const { finishedAt: _, ...run } = runOfC('step', 'Inconclusive');
    expect(judged(inStep(ANALYSIS), [run], { now: T + 1 }).stop).toMatchObject({ since: T + 1000 });
    expect(judged(inStep(ANALYSIS), [run])).not.toHaveProperty('inconclusiveSince');
  });

  it.each(['background', 'healthCheck'] as const)('of kind %s is approved by its step too', kind => {
    const strategy = { ...inBackground(ANALYSIS), autoRollback: { healthChecks: CHECKS } };
    expect(judged(strategy, [runOfC(kind, 'Inconclusive')], approving('C:0')).approval?.passed).toBe(true);
  });
});

describe('an analysis that becomes inconclusive in this sync', () => {
  const late = 'ignored: an analysis became inconclusive only in this sync; approve it now';
  const earlier = runOfC('step', 'Inconclusive', { id: 'earlier', past: true });

  it.each<['step' | 'background', string, boolean]>([
    ['step', 'true', false],
    ['step', 'C:0', true],
    ['step', 'C:1', false],
    ['background', 'true', false],
    ['background', 'C:0', false],
  ])('of kind %s, the approval %s: %s', (kind, value, passed) => {
    const { run, strategy } = started(kind);
    const { approval, stop } = judged(strategy, [earlier, run], approving(value), measuring(run, 3));
    expect(approval).toEqual({ passed, effect: passed ? `passed the ${kind} analysis of revision C` : late });
    expect(stop?.reason).toBe(passed ? undefined : 'InconclusiveAnalysis');
  });

  it('of health checks cannot have been meant by any approval', () => {
    const strategy = { canary: {}, autoRollback: { healthChecks: CHECKS, onFailure: { healthCheckFailure: false } } };
    const run = runOfC('healthCheck', 'Running', { pinned: [] });
    expect(judged(strategy, [run], approving('C:0')).approval).toEqual({ passed: false, effect: late });
  });
});

describe('startAwaited', () => {
  const pods = { reason: 'WaitingForPods', who: 'canary', available: 0, wanted: 1 } as const;

  it.each<[string, object, Wait | undefined]>([
    ['nothing is awaited', inStep(ANALYSIS), undefined],
    ['pods are awaited', inStep(ANALYSIS), pods],
    ['the spec no longer has it', { canary: {} }, STEP],
  ])('%s: nothing changes', (_, strategy, wait) => {
    const given = context(strategy);
    expect(startAwaited(given, wait)).toEqual({ wait, findings: given.findings });
  });

  it('starts the analysis once', () => {
    const { run, strategy } = started('step');
    const given = context(strategy, [run], { findings: { analysis: { runs: [run] }, notes: ['a'] } });
    expect(run).toMatchObject({ kind: 'step', revision: 'C', step: 0, phase: 'Running' });
    expect(startAwaited(given, STEP)).toEqual({ wait: { ...STEP, progress: NO_PROGRESS }, findings: given.findings });
  });

  it('keeps earlier notes when the templates have changed', () => {
    const { run } = started('step');
    const changed = inStep(CHANGED);
    const { findings } = startAwaited(
      context(changed, [], { findings: { analysis: { runs: [run] }, notes: ['a'] } }),
      STEP,
    );
    expect(findings.notes).toEqual(['a', expect.stringContaining('continues with its original templates')]);
  });

  it('says why the analysis cannot start', () => {
    const given = context(inStep(MISSING));
    const { wait, findings } = startAwaited(given, STEP);
    expect(wait).toMatchObject({ reason: 'AnalysisNotReady', message: expect.stringContaining('absent') });
    expect(findings).toBe(given.findings);
  });
});

describe('analysisWait', () => {
  const ran = (phase: Run['phase'], other: Partial<Run> = {}) => [runOfC('step', phase, { step: 0, ...other })];
  const measurements = [{ at: '', phase: 'Successful' }] as const;
  const metrics = [
    { name: 'a', phase: 'Successful', measurements: [...measurements, ...measurements] },
    { name: 'b', phase: 'Running', measurements: [...measurements] },
  ] as const;

  it.each<[string, readonly Run[], string | undefined]>([
    ['not started', [], 'starting'],
    ['running', ran('Running', { metrics: [...metrics] } as object), '1 of 2 metrics done, 3 measurements'],
    ['succeeded', ran('Successful'), undefined],
    ['failed', ran('Failed'), '1 of 1 metrics done, 0 measurements'],
    ['failed, but approved', ran('Failed', { approved: true }), undefined],
  ])('%s', (_, runs, progress) => {
    const state: AnalysisState = { runs };
    const wait = progress === undefined ? undefined : { ...STEP, progress };
    expect(analysisWait(state, STEP.purpose)).toEqual(wait);
  });
});
