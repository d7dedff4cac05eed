/** What stands between the last step and the revision that counts as stable. */
import { isAnswered } from '../analysis/analysis.js';
import { startOfWait } from '../schema/instant.js';
import type { Gate } from '../status/bookkeeping.js';
import { analysisWait } from './judgement/judgement.js';
import type { Turn } from './plan.js';
import { isJudged, isOnTrial } from './situation.js';
import type { Wait } from './wait.js';

export interface Proof {
  readonly gate?: Gate;
  readonly wait: Wait;
}

/** What is still to be proven; undefined once the revision may be called stable. */
export function proof(turn: Turn, steps: number): Proof | undefined {
  const lacking = rejection(turn) ?? firstAnalysis(turn);
  return lacking ? { wait: lacking } : bake(turn, steps);
}

/**
 * Why a first deployment that is measured is not accepted. Nothing served before, so its pods and Services stay as they
 * are: going on with a bad one is less harm than an outage.
 */
export function rejection({ observation, situation, position, stop }: Turn): Wait | undefined {
  if (!isOnTrial(observation, situation)) return undefined;
  return position.abort ? { reason: 'NothingToGoBackTo' } : stop;
}

/** Whether a first deployment has to be measured. With no replicas there is nothing to measure. */
export function isMeasuredFirst({ observation, situation }: Pick<Turn, 'observation' | 'situation'>): boolean {
  return isOnTrial(observation, situation) && observation.spec.replicas > 0;
}

/** A first deployment's analysis, where one is asked for. Metrics without an end have to succeed once. */
function firstAnalysis(turn: Turn): Wait | undefined {
  if (!isMeasuredFirst(turn)) return undefined;
  const { observation, situation, analysis } = turn;
  const { strategy } = observation.spec;
  const revision = situation.updated.hash;
  switch (strategy.type) {
    case 'Canary': {
      const purpose = { kind: 'background', revision } as const;
      return strategy.analysis && !isAnswered(analysis, purpose) ? analysisWait(analysis, purpose) : undefined;
    }
    case 'BlueGreen':
      return strategy.postPromotionAnalysis ? analysisWait(analysis, { kind: 'postPromotion', revision }) : undefined;
    case 'RollingUpdate':
      return undefined;
    default:
      return strategy satisfies never;
  }
}

/**
 * After everything is at the new revision, health checks go on for bakeSeconds: until then an unhealthy one is still
 * taken back. Its gate stands behind the last step.
 */
function bake({ observation, situation, position, now }: Turn, steps: number): Proof | undefined {
  const { autoRollback } = observation.spec.strategy;
  if (!isJudged(observation, situation) || !autoRollback?.enabled || autoRollback.bakeSeconds === 0) return undefined;
  const recorded = position.gate?.step === steps ? position.gate : undefined;
  const gate = recorded ?? { step: steps, startedAt: startOfWait(now) };
  const until = gate.startedAt + autoRollback.bakeSeconds * 1000;
  return now < until ? { gate, wait: { reason: 'Baking', until } } : undefined;
}
