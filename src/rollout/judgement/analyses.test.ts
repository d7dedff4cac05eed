import { describe, expect, it } from 'vitest';
import { contextOf, type Given, runOfC, T } from '../../../test/rollouts/context.js';
import type { Purpose } from '../../analysis/analysis.js';
import { RUN_KINDS } from '../../status/analysisRuns.js';
import { analysisContext, continuousAnalyses, sourceOf, withoutSkipped } from './analyses.js';

const PROVIDER = { prometheus: { address: 'http://prometheus:9090', query: 'up' } };
const ANALYSIS = { metrics: [{ name: 'errors', count: 1, provider: PROVIDER }] };
const CHECKS = [{ name: 'up', interval: '10s', http: { url: 'http://my-app/' } }];
const STEPS = [{ setWeight: 20 }, { analysis: ANALYSIS }, { pause: {} }];
const BACKGROUND = { canary: { steps: STEPS, analysis: { ...ANALYSIS, startingStep: 1 } } };
const HEALTH = { autoRollback: { healthChecks: CHECKS }, canary: { steps: STEPS } };
const BOTH = { ...HEALTH, ...BACKGROUND };

function withStrategy(rolloutStrategy: object, given: Given = {}) {
  return contextOf({ ...given, spec: { rolloutStrategy, ...given.spec } });
}

it.each([
  ['S', 'S'],
  [null, 'C'],
])('the revisions that args may name, stable %s: %s', (stable, stableRevision) => {
  const context = contextOf({ stable });
  const { object, related } = context.observation;
  expect(analysisContext(context)).toEqual({ parent: object, related, stableRevision, latestRevision: 'C' });
});

describe('runs that no longer decide', () => {
  const post = { blueGreen: { postPromotionAnalysis: ANALYSIS } };
  const disabled = { autoRollback: { healthChecks: CHECKS, enabled: false }, canary: {} };

  it.each<[string, object, readonly string[]]>([
    ['a canary with background analysis', BACKGROUND, ['postPromotion', 'healthCheck']],
    ['a canary without', { canary: {} }, ['background', 'postPromotion', 'healthCheck']],
    ['a rolling update', { rollingUpdate: {} }, ['background', 'postPromotion', 'healthCheck']],
    ['blue-green with a post-promotion analysis', post, ['background', 'healthCheck']],
    ['blue-green without', { blueGreen: {} }, ['background', 'postPromotion', 'healthCheck']],
    ['with health checks', HEALTH, ['background', 'postPromotion']],
    ['automatic rollback without health checks', { ...BACKGROUND, autoRollback: {} }, ['postPromotion', 'healthCheck']],
    ['automatic rollback disabled', disabled, ['background', 'postPromotion', 'healthCheck']],
  ])('%s', (_, strategy, removed) => {
    expect(skipped(strategy)).toEqual(removed.map(kind => [kind, 'removed from the spec']));
  });

  it('a full promotion skips all but the health checks', () => {
    const promoted = { position: { promoteFull: true } };
    const message = 'skipped by a full promotion';
    expect(skipped(BOTH, promoted)).toEqual([
      ['step', message],
      ['background', message],
      ['prePromotion', message],
      ['postPromotion', 'removed from the spec'],
    ]);
    expect(skipped(post, promoted)).toContainEqual(['postPromotion', message]);
  });

  function skipped(strategy: object, given: Given = {}) {
    const runs = RUN_KINDS.map(kind => runOfC(kind, 'Running'));
    const left = withoutSkipped(withStrategy(strategy, given), { runs }).runs;
    return left.filter(({ phase }) => phase !== 'Running').map(({ kind, message }) => [kind, message]);
  }

  it('an inconclusive one no longer holds the rollout', () => {
    const runs = [runOfC('background', 'Inconclusive'), runOfC('step', 'Inconclusive')];
    const left = withoutSkipped(withStrategy({ canary: {} }), { runs }).runs;
    expect(left.map(({ approved }) => approved)).toEqual([true, undefined]);
  });
});

describe('analyses beside the steps', () => {
  const window = { canary: { ...BACKGROUND.canary, rollbackWindow: { revisions: 1 } } };
  const disabled = { ...HEALTH, autoRollback: { ...HEALTH.autoRollback, enabled: false } };
  const first = (available: number, replicas = 4): Given => ({
    stable: null,
    pods: { C: [4, available] },
    spec: { replicas },
  });

  it.each<[string, object, Given, readonly string[]]>([
    ['before the starting step', BACKGROUND, { position: { step: 0 } }, []],
    ['at the starting step', BACKGROUND, { position: { step: 1 } }, ['background']],
    ['after the starting step', BACKGROUND, { position: { step: 2 } }, ['background']],
    ['without background analysis', { canary: {} }, { position: { step: 1 } }, []],
    ['the steps are skipped', BACKGROUND, { position: { step: 1, promoteFull: true } }, []],
    ['a rollback window', window, { position: { step: 1 }, pods: { C: 4, S: 4 } }, []],
    ['outside the rollback window', window, { position: { step: 1 }, pods: { C: 4, B: 0, S: 4 } }, ['background']],
    ['a first deployment', BACKGROUND, first(4), ['background']],
    ['a first deployment that lacks a pod', BACKGROUND, first(3), []],
    ['a first deployment without replicas', BACKGROUND, first(0, 0), []],
    ['the last pod of a first deployment scaled to 0', BACKGROUND, first(1, 0), ['background']],
    ['a first deployment without background analysis', { canary: {} }, first(4), []],
    ['blue-green', { blueGreen: {} }, { position: { step: 1 } }, []],
    ['a pod can be checked', HEALTH, { pods: { S: 4, C: 1 } }, ['healthCheck']],
    ['no pod can be checked', HEALTH, { pods: { S: 4, C: [4, 0] } }, []],
    ['no health checks', { ...HEALTH, autoRollback: {} }, {}, []],
    ['automatic rollback disabled', disabled, {}, []],
    ['both', BOTH, { position: { step: 1 } }, ['background', 'healthCheck']],
  ])('%s', (_, strategy, given, kinds) => {
    expect(continuousAnalyses(withStrategy(strategy, given)).map(({ purpose }) => purpose)).toEqual(
      kinds.map(kind => ({ kind, revision: 'C' })),
    );
  });

  it('come from their places in the spec', () => {
    const context = withStrategy(BOTH, { position: { step: 1 } });
    const { strategy } = context.observation.spec;
    expect(continuousAnalyses(context).map(({ source }) => source)).toEqual([
      { analysis: 'analysis' in strategy && strategy.analysis, path: 'spec.rolloutStrategy.canary.analysis' },
      {
        healthChecks: strategy.autoRollback?.healthChecks,
        path: 'spec.rolloutStrategy.autoRollback.healthChecks',
      },
    ]);
  });
});

describe('the source of an analysis that is waited for', () => {
  const pre = { blueGreen: { prePromotionAnalysis: ANALYSIS } };
  const post = { blueGreen: { postPromotionAnalysis: ANALYSIS } };

  it.each<[object, Purpose['kind'], number | undefined, string | undefined]>([
    [BACKGROUND, 'step', 1, 'canary.steps[1].analysis'],
    [BACKGROUND, 'step', 0, undefined],
    [BACKGROUND, 'step', 7, undefined],
    [BACKGROUND, 'step', undefined, undefined],
    [BACKGROUND, 'background', 1, undefined],
    [{ rollingUpdate: {} }, 'step', 1, undefined],
    [pre, 'prePromotion', undefined, 'blueGreen.prePromotionAnalysis'],
    [pre, 'postPromotion', undefined, undefined],
    [post, 'postPromotion', undefined, 'blueGreen.postPromotionAnalysis'],
    [post, 'prePromotion', undefined, undefined],
    [post, 'step', 0, undefined],
    [BACKGROUND, 'postPromotion', undefined, undefined],
  ])('%j %s %s: %s', (strategy, kind, step, path) => {
    const purpose = { kind, revision: 'C', ...(step !== undefined && { step }) };
    const source = sourceOf(withStrategy(strategy, { now: T }).observation.spec, purpose);
    expect(source?.path).toBe(path && `spec.rolloutStrategy.${path}`);
    if (path !== undefined) expect(source).toHaveProperty('analysis.metrics.0.name', 'errors');
  });
});
