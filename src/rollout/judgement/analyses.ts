/** The analyses in the spec, and their rollout: read in every sync. */

import {
  type AnalysisContext,
  type AnalysisState,
  type Purpose,
  type RunKind,
  type Source,
  skipRuns,
} from '../../analysis/analysis.js';
import type { AnalysisRef, CanaryStrategy, Spec } from '../../api/spec.js';
import { roleSetsOf } from '../../observe/roleSets.js';
import type { Unjudged } from '../context.js';
import { isInRollbackWindow } from '../steps/rollbackWindow.js';

export function analysisContext({
  observation,
  revisions,
}: Pick<Unjudged, 'observation' | 'revisions'>): AnalysisContext {
  return {
    parent: observation.object,
    related: observation.related,
    stableRevision: (revisions.stable ?? revisions.updated).hash,
    latestRevision: revisions.updated.hash,
  };
}

/** Runs that a full promotion skips or that the spec no longer has do not decide anything. */
export function withoutSkipped({ observation, position, now }: Unjudged, measured: AnalysisState): AnalysisState {
  const { strategy } = observation.spec;
  const gone: RunKind[] = [];
  if (strategy.type !== 'Canary' || !strategy.analysis) gone.push('background');
  if (strategy.type !== 'BlueGreen' || !strategy.postPromotionAnalysis) gone.push('postPromotion');
  if (!strategy.autoRollback?.enabled || strategy.autoRollback.healthChecks.length === 0) gone.push('healthCheck');
  const asked = skipRuns(measured, gone, now, 'removed from the spec');
  return position.promoteFull ? skipRuns(asked, PROMOTION_SKIPS, now, 'skipped by a full promotion') : asked;
}

/** All but health checks. */
const PROMOTION_SKIPS: readonly RunKind[] = ['step', 'background', 'prePromotion', 'postPromotion'];

interface Watch {
  readonly purpose: Purpose;
  readonly source: Source;
}

/** The analyses that run beside the steps. */
export function continuousAnalyses(given: Unjudged): readonly Watch[] {
  const { observation, revisions } = given;
  const { strategy } = observation.spec;
  const revision = revisions.updated.hash;
  const wanted: Watch[] = [];
  const background = strategy.type === 'Canary' ? backgroundOf(strategy, given) : undefined;
  if (background) {
    wanted.push({
      purpose: { kind: 'background', revision },
      source: { analysis: background, path: 'spec.rolloutStrategy.canary.analysis' },
    });
  }
  const checks = strategy.autoRollback;
  if (checks?.enabled && checks.healthChecks.length > 0 && roleSetsOf(revisions.updated).available > 0) {
    wanted.push({
      purpose: { kind: 'healthCheck', revision },
      source: { healthChecks: checks.healthChecks, path: 'spec.rolloutStrategy.autoRollback.healthChecks' },
    });
  }
  return wanted;
}

/** From its step on, unless the steps are skipped; for a first deployment once its pods are available. */
function backgroundOf(
  { analysis, rollbackWindow }: CanaryStrategy,
  { observation, revisions, position }: Unjudged,
): AnalysisRef | undefined {
  if (!revisions.stable) {
    return roleSetsOf(revisions.updated).available >= Math.max(1, observation.spec.replicas) ? analysis : undefined;
  }
  const skips = position.promoteFull || isInRollbackWindow(revisions, rollbackWindow);
  return analysis && !skips && position.step >= analysis.startingStep ? analysis : undefined;
}

/** The analysis in a step, or before or after promotion. */
export function sourceOf({ strategy }: Spec, { kind, step }: Purpose): Source | undefined {
  const path = 'spec.rolloutStrategy';
  if (strategy.type === 'Canary' && kind === 'step' && step !== undefined) {
    const written = strategy.steps[step];
    return written?.action === 'analysis'
      ? { analysis: written.analysis, path: `${path}.canary.steps[${step}].analysis` }
      : undefined;
  }
  if (strategy.type !== 'BlueGreen') return undefined;
  const { prePromotionAnalysis: pre, postPromotionAnalysis: post } = strategy;
  if (kind === 'prePromotion' && pre) return { analysis: pre, path: `${path}.blueGreen.prePromotionAnalysis` };
  if (kind === 'postPromotion' && post) return { analysis: post, path: `${path}.blueGreen.postPromotionAnalysis` };
  return undefined;
}
