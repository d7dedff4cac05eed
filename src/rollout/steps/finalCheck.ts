/** The checks between the last step and promotion to stable. */
import { isAnswered } from '../../analysis/analysis.js';
import { startOfWait } from '../../schema/instant.js';
import type { Gate } from '../../status/bookkeeping.js';
import type { Context } from '../context.js';
import { analysisWait } from '../judgement/judge.js';
import { analyzesFirstDeployment, canBeRejected } from '../revisions.js';
import type { Wait } from '../wait.js';

export interface FinalCheck {
  readonly gate?: Gate;
  readonly wait: Wait;
}

/** The next check; undefined once the revision can become stable. */
export function finalCheck(context: Context, steps: number): FinalCheck | undefined {
  const unmet = firstDeploymentWait(context) ?? firstAnalysis(context);
  return unmet ? { wait: unmet } : bake(context, steps);
}

/**
 * Why an analyzed first deployment is not accepted. There is no previous revision, so its pods and Services stay: a bad
 * version does less harm than an outage.
 */
export function firstDeploymentWait({ observation, revisions, position, stop }: Context): Wait | undefined {
  if (!analyzesFirstDeployment(observation, revisions)) return undefined;
  return position.abort ? { reason: 'NothingToGoBackTo' } : stop;
}

/** Whether a first deployment must be analyzed. Without replicas there is nothing to measure. */
export function isMeasuredFirst({ observation, revisions }: Pick<Context, 'observation' | 'revisions'>): boolean {
  return analyzesFirstDeployment(observation, revisions) && observation.spec.replicas > 0;
}

/** Waits for the analysis of a first deployment, if enabled. Unlimited metrics must succeed once. */
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
 * After everything has moved to the new revision, health checks continue for bakeSeconds: until then an unhealthy revision
 * is rolled back. Its gate follows the last step.
 */
function bake({ observation, revisions, position, now }: Context, steps: number): FinalCheck | undefined {
  const { autoRollback } = observation.spec.strategy;
  if (!canBeRejected(observation, revisions) || !autoRollback?.enabled || autoRollback.bakeSeconds === 0)
    return undefined;
  const recorded = position.gate?.step === steps ? position.gate : undefined;
  const gate = recorded ?? { step: steps, startedAt: startOfWait(now) };
  const until = gate.startedAt + autoRollback.bakeSeconds * 1000;
  return now < until ? { gate, wait: { reason: 'Baking', until } } : undefined;
}
