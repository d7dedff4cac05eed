/** What stands between the last step and the revision that counts as stable. */
import { isAnswered } from '../../analysis/analysis.js';
import { startOfWait } from '../../schema/instant.js';
import type { Gate } from '../../status/bookkeeping.js';
import type { Context } from '../context.js';
import { analysisWait } from '../judgement/judge.js';
import { analyzesFirstDeployment, canBeRejected } from '../revisions.js';
import type { Wait } from '../wait.js';

export interface Unproven {
  readonly gate?: Gate;
  readonly wait: Wait;
}

/** What is still to be proven; undefined once the revision may be called stable. */
export function proof(context: Context, steps: number): Unproven | undefined {
  const lacking = rejection(context) ?? firstAnalysis(context);
  return lacking ? { wait: lacking } : bake(context, steps);
}

/**
 * Why a first deployment that is measured is not accepted. Nothing served before, so its pods and Services stay as they
 * are: going on with a bad one is less harm than an outage.
 */
export function rejection({ observation, revisions, position, stop }: Context): Wait | undefined {
  if (!analyzesFirstDeployment(observation, revisions)) return undefined;
  return position.abort ? { reason: 'NothingToGoBackTo' } : stop;
}

/** Whether a first deployment has to be measured. With no replicas there is nothing to measure. */
export function isMeasuredFirst({ observation, revisions }: Pick<Context, 'observation' | 'revisions'>): boolean {
  return analyzesFirstDeployment(observation, revisions) && observation.spec.replicas > 0;
}

/** A first deployment's analysis, where one is asked for. Metrics without an end have to succeed once. */
function firstAnalysis(context: Context): Wait | undefined {
  if (!isMeasuredFirst(context)) return undefined;
  const { observation, revisions, findings } = context;
  const { analysis } = findings;
  const { strategy } = observation.spec;
  const revision = revisions.updated.hash;
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
 * rolled back. Its gate stands behind the last step.
 */
function bake({ observation, revisions, position, now }: Context, steps: number): Unproven | undefined {
  const { autoRollback } = observation.spec.strategy;
  if (!canBeRejected(observation, revisions) || !autoRollback?.enabled || autoRollback.bakeSeconds === 0)
    return undefined;
  const recorded = position.gate?.step === steps ? position.gate : undefined;
  const gate = recorded ?? { step: steps, startedAt: startOfWait(now) };
  const until = gate.startedAt + autoRollback.bakeSeconds * 1000;
  return now < until ? { gate, wait: { reason: 'Baking', until } } : undefined;
}
