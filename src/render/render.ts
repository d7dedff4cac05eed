/** The decision as the desired children. Observed children that are missing here are deleted. */

import { isRouted } from '../api/strategy/trafficRouting.js';
import { rolesOf } from '../api/template/roles.js';
import { objectsOf, REPLICA_SET, SERVICE } from '../metacontroller/children.js';
import type { KubeObject } from '../metacontroller/object.js';
import { asLastApplied } from '../metacontroller/unchanged.js';
import { foreignRoutes } from '../observe/foreignRoutes.js';
import type { ObservedObjects } from '../observe/observation.js';
import type { Revision } from '../observe/revisions.js';
import { podsForSets } from '../observe/roleSets.js';
import type { Decision } from '../rollout/step.js';
import { REVISION_LABEL } from '../schema/names.js';
import { renderControllerRevision } from './controllerRevision.js';
import { addedMetadata, type RolloutRole } from './podMetadata.js';
import { renderReplicaSet, renew } from './replicaSet.js';
import { renderRoutes } from './routes.js';
import { renderService } from './service.js';

/** The part of a decision that children depend on. */
export type DecidedChildren = Pick<Decision, 'plan' | 'recorded' | 'revisions' | 'reverting'>;

export function render(observation: ObservedObjects, decision: DecidedChildren): readonly KubeObject[] {
  const { parent, spec } = observation;
  const { plan, recorded } = decision;
  const { service, strategy } = spec;
  const routes = plan.traffic && isRouted(strategy) ? renderRoutes(observation, strategy, plan.traffic) : [];
  return [
    ...recorded.flatMap(revision => renderControllerRevision(parent, revision) ?? []),
    ...recorded.flatMap(revision => renderReplicaSets(observation, decision, revision)),
    ...unlabelledReplicaSets(observation),
    ...(service
      ? Array.from(plan.selections, ([name, selection]) => renderService(parent, service, name, selection))
      : []),
    ...routes,
    ...keptServices(observation, decision, routes),
  ];
}

/**
 * Services that are no longer desired stay while a route object of an earlier configuration exists, or while the
 * rollout still reverts it: a route without its Service returns errors.
 */
function keptServices(
  { children }: ObservedObjects,
  { plan, reverting }: DecidedChildren,
  routes: readonly KubeObject[],
): readonly KubeObject[] {
  if (!reverting && foreignRoutes(children, routes).length === 0) return [];
  return objectsOf(children, SERVICE)
    .filter(({ metadata }) => !plan.selections.has(metadata.name))
    .map(asLastApplied);
}

/** One ReplicaSet per role: observed ones are resized, missing desired ones are created. */
function renderReplicaSets(
  { parent, spec }: ObservedObjects,
  decision: DecidedChildren,
  revision: Revision,
): readonly KubeObject[] {
  const { plan } = decision;
  const rolloutRole = roleOf(revision, decision);
  const sets = plan.sets.get(revision.hash);
  const pods = sets === undefined ? undefined : podsForSets(revision, sets);
  const roles = revision.template && rolesOf(revision.template);
  return revision.roles.flatMap(({ role: name, spec: present, replicaSet }) => {
    const size = { replicas: pods?.get(name) ?? present, minReadySeconds: spec.minReadySeconds };
    const role = roles?.find(candidate => candidate.name === name);
    const added = addedMetadata(spec, rolloutRole);
    if (replicaSet) return [renew(replicaSet, size, role && { written: role.template.metadata, added })];
    if (rolloutRole === 'former' || !role) return [];
    return [renderReplicaSet({ parent, revision: revision.hash, role, size, podMetadata: added })];
  });
}

/** A first deployment is what will be stable. */
function roleOf(revision: Revision, { plan, revisions }: DecidedChildren): RolloutRole {
  if (revision.hash === plan.stable) return 'stable';
  if (revision !== revisions.updated) return 'former';
  return revisions.stable === undefined ? 'stable' : 'new';
}

/** Our ReplicaSets without a revision label: their revision is unknown, so they stay unchanged. */
function unlabelledReplicaSets({ children }: ObservedObjects): readonly KubeObject[] {
  return objectsOf(children, REPLICA_SET)
    .filter(({ metadata }) => !metadata.labels?.[REVISION_LABEL])
    .map(asLastApplied);
}
