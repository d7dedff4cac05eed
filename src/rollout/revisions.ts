import type { BlueGreenStrategy, CanaryStrategy } from '../api/spec.js';
import type { Observation } from '../observe/observation.js';
import type { Revision } from '../observe/revisions.js';
import { podTotal, roleSetsOf } from '../observe/roleSets.js';
import { observeSelection } from '../observe/services.js';

/** The roles of the revisions. */
export interface RolloutRevisions {
  /** The revision that was promoted. Absent until a first revision was fully available. */
  readonly stable: Revision | undefined;
  /** The revision of the current template; equal to stable if no rollout is in progress. */
  readonly updated: Revision;
  /** All other revisions with ReplicaSets, newest first. */
  readonly others: readonly Revision[];
}

/** Every revision that has or will have pods. */
export function allOf({ stable, updated, others }: RolloutRevisions): readonly Revision[] {
  return [...others, updated, ...(stable && stable !== updated ? [stable] : [])];
}

/** Whether another revision than the stable one is rolled out, so that a rollback is possible. */
export function isRunning({ stable, updated }: RolloutRevisions): boolean {
  return stable !== undefined && stable !== updated;
}

/** Whether a revision has neither a record nor a ReplicaSet left: its pods cannot be recreated. */
export function isLost({ template, roles }: Revision): boolean {
  return template === undefined && roles.every(({ replicaSet }) => replicaSet === undefined);
}

/** Whether this is a first deployment with analysis enabled. */
export function analyzesFirstDeployment({ spec }: Observation, { stable }: RolloutRevisions): boolean {
  return stable === undefined && spec.analysisOnFirstDeployment;
}

/** Whether the updated revision can be rejected, by measurements or by a person. */
export function canBeRejected(observation: Observation, revisions: RolloutRevisions): boolean {
  return isRunning(revisions) || analyzesFirstDeployment(observation, revisions);
}

export function identify(observation: Observation): RolloutRevisions {
  const { revisions, target } = observation;
  const updated = revisions.find(({ hash }) => hash === target);
  if (!updated) throw new Error(`the revision ${target} of the current template was not observed`);
  const stable = findStable(observation);
  return {
    stable,
    updated,
    others: revisions
      .filter(revision => revision !== stable && revision !== updated)
      .filter(({ roles }) => roles.some(({ replicaSet }) => replicaSet !== undefined))
      .reverse(),
  };
}

/**
 * Stable is the one in status. If status is lost, it is the one that the stable or active Service selects; without such
 * a Service, the revision with the most available pods, the older one on a tie.
 */
function findStable(observation: Observation): Revision | undefined {
  const { memory, revisions } = observation;
  const remembered = revisions.find(({ hash }) => hash === memory.stableRevision);
  if (remembered) return remembered;
  if (memory.stableRevision !== undefined) return unseen(memory.stableRevision);
  if (!memory.lost || awaitsFirstPromotion(observation)) return undefined;
  const selected = revisions.find(({ hash }) => hash === selectedByStableService(observation));
  if (selected) return selected;
  const serving = revisions.filter(revision => podTotal(revision, 'available') > 0);
  return serving.reduce<Revision | undefined>(
    (best, revision) => (best && roleSetsOf(best).available >= roleSetsOf(revision).available ? best : revision),
    undefined,
  );
}

/** Blue-green's active Service is made when the first revision is promoted: without it no revision has ever been. */
function awaitsFirstPromotion({ spec, revisions, children }: Observation): boolean {
  const { strategy } = spec;
  return (
    strategy.type === 'BlueGreen' &&
    spec.analysisOnFirstDeployment &&
    strategy.prePromotionAnalysis !== undefined &&
    revisions.length === 1 &&
    observeSelection(children, strategy.activeService) === undefined
  );
}

function selectedByStableService({ spec, children }: Observation): string | undefined {
  const service = stableServiceOf(spec.strategy);
  return service && observeSelection(children, service);
}

function stableServiceOf(strategy: Observation['spec']['strategy']): string | undefined {
  switch (strategy.type) {
    case 'BlueGreen':
      return (strategy satisfies BlueGreenStrategy).activeService;
    case 'Canary':
      return (strategy satisfies CanaryStrategy).trafficRouting && strategy.stableService;
    case 'RollingUpdate':
      return undefined;
    default:
      return strategy satisfies never;
  }
}

/**
 * Neither record nor pods of the stable revision are there: an old view, or somebody deleted them all. It stays the
 * stable one all the same: were it forgotten, the new revision would be a first deployment, which passes every gate.
 */
function unseen(hash: string): Revision {
  return { hash, number: 0, created: Number.POSITIVE_INFINITY, roles: [] };
}
